/**
 * Follows a pointer from its press until it is let go, wherever it goes.
 * @param event the press
 * @param onMove hears each move
 * @param onEnd hears whether it was let go, and not taken away by the browser
 */
export function followPointer(
  event: PointerEvent,
  onMove: (move: PointerEvent) => void,
  onEnd: (done: boolean) => void,
): void {
  if (event.button !== 0) return;
  event.stopPropagation();
  const target = event.currentTarget as Element;
  target.setPointerCapture(event.pointerId);
  const over = new AbortController();
  const on = (type: string, listener: (event: PointerEvent) => void) =>
    target.addEventListener(type, listener as EventListener, { signal: over.signal });
  const end = (done: boolean) => {
    over.abort();
    onEnd(done);
  };
  on('pointermove', onMove);
  on('pointerup', () => end(true));
  on('pointercancel', () => end(false));
}
