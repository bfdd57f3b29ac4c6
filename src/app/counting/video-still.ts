import { drawVideo, PATIENCE_MS } from '../../element/draw-video.ts';

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
    await drawVideo(drawing, video);
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  } catch {
    // A report without its picture is one all the same.
    return undefined;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

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
