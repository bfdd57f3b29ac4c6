/**
 * A picture of a video as a JPEG, from the middle of it.
 * @param src address of the video
 * @param width of the picture in pixels, at most
 * @returns undefined where the browser cannot show the video
 */
export async function videoStill(src: string, width: number): Promise<Blob | undefined> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  try {
    await happened(video, 'loadedmetadata', () => {
      video.src = src;
    });
    const { duration, videoWidth, videoHeight } = video;
    await happened(video, 'seeked', () => {
      video.currentTime = Number.isFinite(duration) ? duration / 2 : 0;
    });
    const scale = Math.min(1, width / videoWidth);
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(videoWidth * scale)),
      Math.max(1, Math.round(videoHeight * scale)),
    );
    const drawing = canvas.getContext('2d', { willReadFrequently: true })!;
    const end = performance.now() + PATIENCE_MS;
    do {
      drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
      // A browser under load says that it is there before it has the picture, and draws nothing until then.
      if (drawing.getImageData(0, 0, 1, 1).data[3]! > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (performance.now() < end);
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  } catch {
    // A report without its picture is one all the same.
    return undefined;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

/** How long a browser may take to come to a place in a video. */
const PATIENCE_MS = 15_000;

function happened(video: HTMLVideoElement, type: string, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE_MS);
    video.addEventListener(
      type,
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
    video.addEventListener('error', reject, { once: true });
    begin();
  });
}
