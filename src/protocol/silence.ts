/** Turns of a timer that a silence is counted in. */
const TURNS = 4;

/**
 * Calls back after a time in which this thread could have heard something. A page that was frozen, or a computer that
 * slept, wakes with its timers overdue and the news still on their way: however long that took, it is one turn of four.
 * @param milliseconds of silence
 * @returns calls it off
 */
export function afterSilence(milliseconds: number, call: () => void): () => void {
  let turns = 0;
  const turn = () => {
    if (++turns === TURNS) call();
    else timer = setTimeout(turn, milliseconds / TURNS);
  };
  let timer = setTimeout(turn, milliseconds / TURNS);
  return () => clearTimeout(timer);
}
