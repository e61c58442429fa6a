// SPDX-License-Identifier: MIT
import { useId, useState, type ComponentProps, type ReactNode } from 'react';

import styles from './form-field.module.css';
import { IconButton } from './icon-button';

type Described = {
  label: string;
  /** In place of the hint, so that the fields below stay where they are. */
  error?: string;
  hint?: string;
};

type FieldIds = { id: string; note: string; describedBy: string | undefined };

function useIds({ error, hint }: Described): FieldIds {
  const id = useId();
  const note = `${id}-note`;
  return { id, note, describedBy: (error ?? hint) === undefined ? undefined : note };
}

function FieldNote({ id, error, hint }: Omit<Described, 'label'> & { id: string }): ReactNode {
  if (error === undefined && hint === undefined) return null;
  return (
    <p id={id} className={error === undefined ? styles.hint : styles.error}>
      {error ?? hint}
    </p>
  );
}

type TextFieldProps = Described & Omit<ComponentProps<'input'>, 'id' | 'className'>;

export function TextField({ label, error, hint, ...input }: TextFieldProps): ReactNode {
  const { id, note, describedBy } = useIds({ label, error, hint });
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy}
        {...input}
      />
      <FieldNote id={note} error={error} hint={hint} />
    </div>
  );
}

/** A text that nobody else need see, with a button to see it. */
export function PasswordField({ label, error, hint, ...input }: TextFieldProps): ReactNode {
  const { id, note, describedBy } = useIds({ label, error, hint });
  const [isShown, setIsShown] = useState(false);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.password}>
        <input
          id={id}
          type={isShown ? 'text' : 'password'}
          className="field"
          spellCheck={false}
          autoCapitalize="none"
          // Of a camera: a browser must not offer the one of the person who sits here.
          autoComplete="new-password"
          aria-invalid={error !== undefined}
          aria-describedby={describedBy}
          {...input}
        />
        <IconButton
          icon={isShown ? 'eyeOff' : 'eye'}
          label={isShown ? `Hide the ${label.toLowerCase()}` : `Show the ${label.toLowerCase()}`}
          onClick={() => setIsShown(!isShown)}
        />
      </div>
      <FieldNote id={note} error={error} hint={hint} />
    </div>
  );
}

type SelectFieldProps = Described & Omit<ComponentProps<'select'>, 'id' | 'className'>;

export function SelectField({ label, error, hint, ...select }: SelectFieldProps): ReactNode {
  const { id, note, describedBy } = useIds({ label, error, hint });
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy}
        {...select}
      />
      <FieldNote id={note} error={error} hint={hint} />
    </div>
  );
}

type TickFieldProps = Described & {
  type?: 'checkbox' | 'radio';
} & Omit<ComponentProps<'input'>, 'id' | 'className' | 'type'>;

/** A box to tick, or one of several to choose, with its words behind it. */
export function TickField({
  label,
  error,
  hint,
  type = 'checkbox',
  ...input
}: TickFieldProps): ReactNode {
  const { id, note, describedBy } = useIds({ label, error, hint });
  return (
    <div className={styles.tick}>
      <input
        id={id}
        type={type}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={describedBy}
        {...input}
      />
      <label htmlFor={id}>{label}</label>
      <FieldNote id={note} error={error} hint={hint} />
    </div>
  );
}

type FieldGroupProps = { legend: string; children: ReactNode; isColumn?: boolean };

/** Fields that belong together; two side by side where there is room, unless in a column. */
export function FieldGroup({ legend, children, isColumn = false }: FieldGroupProps): ReactNode {
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      <div className={isColumn ? styles.column : styles.pairs}>{children}</div>
    </fieldset>
  );
}

/** Across both columns of a group. */
export function WholeRow({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles.whole}>{children}</div>;
}
