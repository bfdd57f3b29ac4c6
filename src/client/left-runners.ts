/** Marks kept at most; older ones are of jobs long gone on with. */
const MARKS_AT_MOST = 64;

/**
 * Which workers were closed, or had their page left, closed or loaded again: their jobs were interrupted and did not die.
 * A page has a moment for such a mark only while it goes, so it is kept where writing takes no time: in localStorage.
 */
export class LeftRunners {
  readonly #prefix: string;

  constructor(database: string) {
    this.#prefix = `footpath:${database}:left:`;
  }

  /** Marks a worker as left. */
  add(runner: string): void {
    attempt(() => {
      const marks = Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix));
      if (marks.length >= MARKS_AT_MOST) for (const key of marks) localStorage.removeItem(key);
      localStorage.setItem(this.#prefix + runner, '');
    });
  }

  /** Whether a worker was left. */
  has(runner: string): boolean {
    return attempt(() => localStorage.getItem(this.#prefix + runner) !== null) ?? false;
  }
}

/** Where nothing may be kept, an interruption counts as a death: after three of them a job says so. */
function attempt<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
