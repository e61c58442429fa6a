// SPDX-License-Identifier: MIT
import { useId, useState, type ReactNode } from 'react';

import styles from './section.module.css';

type SectionProps = {
  title: string;
  children: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
};

export function Section({ title, children, actions }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

type SkeletonProps = {
  /** Null: said by another one already. */
  what: string | null;
  /** In pixels; as high as what is to come. */
  height: number;
};

/** Holds the place of what is on its way. */
export function Skeleton({ what, height }: SkeletonProps): ReactNode {
  return (
    <div
      className={styles.skeleton}
      style={{ height }}
      role={what === null ? undefined : 'progressbar'}
      aria-label={what === null ? undefined : `Loading the ${what}`}
    />
  );
}

type LoadedProps<T> = {
  query: { data: T | undefined; error: Error | null; isFetching: boolean; refetch: () => unknown };
  what: string;
  height: number;
  children: (data: T) => ReactNode;
};

/** A part of the page, or what holds its place, or why it did not come. */
export function Loaded<T>({ query, what, height, children }: LoadedProps<T>): ReactNode {
  // While it is asked for again it has no error; the place is not to jump to and fro.
  const [failure, setFailure] = useState(query.error);
  if (query.error !== null && query.error !== failure) setFailure(query.error);
  if (query.data !== undefined) return children(query.data);
  if (failure === null) return <Skeleton what={what} height={height} />;
  return (
    <div role="alert" className={styles.failure}>
      <p>
        The {what} could not be loaded: {failure.message}
      </p>
      <button
        type="button"
        className="button"
        aria-disabled={query.isFetching}
        onClick={() => void query.refetch()}
      >
        Try again
      </button>
    </div>
  );
}
