/** How long a browser may take to come to a place in a video. */
export const PATIENCE_MS = 15_000;

/**
 * Draws the picture that a video shows over a whole canvas on which there is nothing yet. A browser under load, or on its way to another
 * place of the video, says that it is there before it has the picture, and draws nothing until then; it has {@link PATIENCE_MS} for it,
 * unless it cannot play the video.
 */
export async function drawVideo(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  video: HTMLVideoElement,
): Promise<void> {
  const { width, height } = context.canvas;
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    context.drawImage(video, 0, 0, width, height);
    const isDrawn = context.getImageData(0, 0, 1, 1).data[3]! > 0;
    if (isDrawn || video.error || performance.now() > end) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
