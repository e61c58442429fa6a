// SPDX-License-Identifier: MIT

const quietMs = 10_000;

type Topic = { spokenAt: number; waiting: string | null; timer: ReturnType<typeof setTimeout> | null };

/**
 * Keeps a screen reader usable while a camera flaps: at most one message per topic and 10 s; of those
 * held back only the newest is spoken afterwards.
 */
export class AnnouncementQueue {
  readonly #speak: (text: string) => void;
  readonly #topics = new Map<string, Topic>();

  constructor(speak: (text: string) => void) {
    this.#speak = speak;
  }

  say(topicName: string, text: string): void {
    const now = Date.now();
    const topic = this.#topics.get(topicName);
    if (topic === undefined || (topic.timer === null && now - topic.spokenAt >= quietMs)) {
      this.#topics.set(topicName, { spokenAt: now, waiting: null, timer: null });
      this.#speak(text);
      return;
    }
    topic.waiting = text;
    topic.timer ??= setTimeout(
      () => {
        topic.timer = null;
        topic.spokenAt = Date.now();
        if (topic.waiting !== null) this.#speak(topic.waiting);
        topic.waiting = null;
      },
      quietMs - (now - topic.spokenAt),
    );
  }

  stop(): void {
    for (const topic of this.#topics.values()) if (topic.timer !== null) clearTimeout(topic.timer);
    this.#topics.clear();
  }
}
