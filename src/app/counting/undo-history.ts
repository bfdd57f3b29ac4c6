/** Changes that a history remembers. */
const MOST = 200;

/** What was, for undo, and what was undone, for redo. */
export class UndoHistory<T> {
  #past: T[] = [];
  #present: T;
  #future: T[] = [];

  constructor(present: T) {
    this.#present = present;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Takes a change; what was undone before is gone. */
  push(next: T): void {
    this.#past = [...this.#past, this.#present].slice(-MOST);
    this.#present = next;
    this.#future = [];
  }

  /** @returns whether there was anything to undo */
  undo(): boolean {
    const before = this.#past.pop();
    if (before === undefined) return false;
    this.#future.push(this.#present);
    this.#present = before;
    return true;
  }

  /** @returns whether there was anything to do again */
  redo(): boolean {
    const after = this.#future.pop();
    if (after === undefined) return false;
    this.#past.push(this.#present);
    this.#present = after;
    return true;
  }
}
