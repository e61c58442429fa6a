// SPDX-License-Identifier: MIT
import { backoffMs } from '../lib/backoff';
import { earlyAnswer, earlyPaths, type EarlyAnswer } from '../lib/early-answers';
import {
  isWritable,
  readPreferences,
  writePreferences,
  type Preferences,
  type RawPreferences,
} from '../lib/preferences';
import { readMirror, writeMirror } from '../lib/preferences-mirror';
import { getJson, sendJson, type FetchResult, type HeaderOf } from './http';
import { object } from './parse-fields';

type Edit = (preferences: Preferences) => Preferences;
type Stored = { raw: RawPreferences; etag: string | null };


function parse(body: unknown, header: HeaderOf): Stored {
  return { raw: object(body, 'preferences'), etag: header('ETag') };
}

/** What an early answer says; null where there is none that can be read. */
function parseEarly(early: EarlyAnswer | null): Stored | null {
  try {
    return early === null ? null : parse(early.body, early.header);
  } catch {
    // It is asked again, and what is wrong is told then.
    return null;
  }
}

/**
 * What the viewer set up. The recorder has it for every browser; a copy here, so that a page looks
 * right from its first moment. A change is seen at once, and made again upon what another browser
 * may have changed meanwhile.
 */
export class PreferencesStore {
  readonly #listeners = new Set<() => void>();
  #raw: unknown;
  #etag: string | null = null;
  /** What is not on the recorder yet, oldest first. */
  #edits: readonly Edit[] = [];
  #value: Preferences;
  #isRunning = false;
  #isBusy = false;
  /** What is known here is older than what the recorder has. */
  #isStale = true;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(early: EarlyAnswer | null = earlyAnswer(earlyPaths.preferences)) {
    const { raw, isUnsaved } = readMirror();
    this.#raw = raw;
    this.#value = readPreferences(raw);
    const mirrored = this.#value;
    if (isUnsaved) this.#edits = [() => mirrored];
    const answer = parseEarly(early);
    if (answer !== null) this.#take({ status: 'success', data: answer }, 0);
  }

  readonly get = (): Preferences => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly change = (edit: Edit): void => {
    this.#edits = [...this.#edits, edit];
    this.#update();
    this.#work();
  };

  start(): void {
    this.#isRunning = true;
    this.#isStale = true;
    this.#work();
  }

  stop(): void {
    this.#isRunning = false;
    this.#wait(null);
  }

  /** The recorder tells of changes from now on; what came before was not heard. */
  onConnected(): void {
    this.#isStale = true;
    this.#work();
  }

  /** They were changed on the recorder; perhaps by this page. */
  onChanged(version: number): void {
    if (this.#etag === `"${String(version)}"`) return;
    this.#isStale = true;
    this.#work();
  }

  /** Reads if need be, then writes; one thing at a time, and again until nothing is left to do. */
  #work(): void {
    if (!this.#isRunning || this.#isBusy) return;
    const hasWork = this.#isStale || (this.#edits.length > 0 && isWritable(this.#raw));
    if (!hasWork) return;
    this.#wait(null);
    this.#isBusy = true;
    const step = this.#isStale ? this.#read() : this.#write(this.#edits);
    void step.then((isDone) => {
      this.#isBusy = false;
      if (isDone) {
        this.#attempt = 0;
        this.#work();
        return;
      }
      this.#attempt += 1;
      this.#wait(backoffMs(this.#attempt));
    });
  }

  async #read(): Promise<boolean> {
    this.#isStale = false;
    const answer = await getJson(earlyPaths.preferences, {}, parse);
    const isDone = this.#take(answer, 0);
    this.#isStale ||= !isDone;
    return isDone;
  }

  async #write(edits: readonly Edit[]): Promise<boolean> {
    const body = writePreferences(this.#raw, this.#value);
    const ifMatch = this.#etag ?? undefined;
    const answer = await sendJson({ method: 'PUT', path: earlyPaths.preferences, body, ifMatch }, parse);
    if (answer.status === 'error' && answer.httpStatus === 412) {
      // Somebody else was faster: the same edits again, on what there is now.
      this.#isStale = true;
      return true;
    }
    return this.#take(answer, edits.length);
  }

  /** `saved`: how many edits are in the answer. Says whether it is settled. */
  #take(answer: FetchResult<Stored>, saved: number): boolean {
    if (answer.status === 'aborted') return false;
    if (answer.status === 'error') {
      const { httpStatus } = answer;
      // Without the recorder, later; one that does not want them never will.
      if (httpStatus === null || httpStatus >= 500 || httpStatus === 429) return false;
      this.#raw = writePreferences(this.#raw, this.#value);
      this.#edits = [];
      return true;
    }
    this.#raw = answer.data.raw;
    this.#etag = answer.data.etag;
    this.#edits = this.#edits.slice(saved);
    this.#update();
    return true;
  }

  #update(): void {
    const before = JSON.stringify(this.#value);
    const value = this.#edits.reduce((now, edit) => edit(now), readPreferences(this.#raw));
    const isUnsaved = this.#edits.length > 0;
    if (isWritable(this.#raw)) writeMirror(writePreferences(this.#raw, value), isUnsaved);
    if (JSON.stringify(value) === before) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  #wait(ms: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = ms === null ? null : setTimeout(() => this.#work(), ms);
  }
}
