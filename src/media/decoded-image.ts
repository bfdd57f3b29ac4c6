/** Quarter turns clockwise that bring a decoded frame upright, in degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** One decoded frame with what is needed to see it as a player shows it. Whoever takes it over closes `frame`. */
export interface DecodedImage {
  /** As the decoder gave it: neither rotated, mirrored nor stretched to square pixels. */
  readonly frame: VideoFrame;
  /** Clockwise turn to apply for display. */
  readonly rotation: Rotation;
  /** Whether left and right are to be swapped for display, after the turn. */
  readonly isMirrored: boolean;
  /** Width of the displayed frame in square pixels, after the rotation. */
  readonly width: number;
  /** Height of the displayed frame in square pixels, after the rotation. */
  readonly height: number;
}
