import type { DecodedImage } from '../../../src/media/decoded-image.ts';

/** A decoded frame's planes in memory of our own, so that the decoder does not wait for it. */
export async function ownCopy(image: DecodedImage): Promise<() => DecodedImage> {
  const { frame } = image;
  const { format, colorSpace } = frame;
  const data = new ArrayBuffer(frame.allocationSize());
  const layout = await frame.copyTo(data);
  const { width, height } = frame.visibleRect!;
  frame.close();
  return () => ({
    ...image,
    frame: new VideoFrame(data, {
      format: format!,
      codedWidth: width,
      codedHeight: height,
      layout,
      timestamp: 0,
      colorSpace: colorSpace.toJSON(),
    }),
  });
}
