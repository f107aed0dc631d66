// Answers that several requests share: one question is asked once at a time, and its answer is kept for a moment. So
// neither many open pages nor a page that is reloaded again and again ask more of the services.

/** Answers as texts, by question. */
export interface SharedAnswers {
  /**
   * The kept answer, that of the same question that is being asked, or the one of `ask`. `keepMs` is how long it is kept.
   * Rejects as `ask` does; a failure is not kept.
   */
  answer(question: string, keepMs: number, ask: () => Promise<string>): Promise<string>;
}

/** How much is kept at most, and how many questions are asked at the same time. */
export interface Bounds {
  mostCharacters: number;
  mostAtOnce: number;
}

interface Kept {
  text: string;
  until: number;
}

/** `now` returns milliseconds of a clock that never goes back. */
export function createSharedAnswers(
  { mostCharacters, mostAtOnce }: Bounds,
  now: () => number,
): SharedAnswers {
  /** The oldest first. */
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<string>>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let characters = 0;

  const drop = (question: string, { text }: Kept): void => {
    kept.delete(question);
    characters -= question.length + text.length;
  };

  function keep(question: string, text: string, until: number): void {
    const size = question.length + text.length;
    if (size > mostCharacters) return;
    for (const [other, answer] of kept) {
      if (answer.until > now() && characters + size <= mostCharacters) break;
      drop(other, answer);
    }
    kept.set(question, { text, until });
    characters += size;
  }

  async function inTurn(ask: () => Promise<string>): Promise<string> {
    if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await ask();
    } finally {
      // The place passes on to the next, if there is one.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    async answer(question, keepMs, ask) {
      const known = kept.get(question);
      if (known && known.until > now()) return known.text;
      if (known) drop(question, known);
      let current = asking.get(question);
      if (!current) {
        current = inTurn(ask)
          .then((text) => {
            keep(question, text, now() + keepMs);
            return text;
          })
          .finally(() => asking.delete(question));
        asking.set(question, current);
      }
      return await current;
    },
  };
}
