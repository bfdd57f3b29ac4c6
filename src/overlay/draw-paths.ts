import { longestStepMs } from '../analytics/presence.ts';
import type { PersonPath } from '../track/path.ts';
import { boxAt, type MomentBox, sampleBefore } from './box-at.ts';
import { personColour, personInk } from './palette.ts';
import { personNumber } from './person-number.ts';

/** How much of the way behind a person is drawn. */
export type TrailLength = 'off' | 'recent' | 'whole';

/** What {@link drawPaths} draws. */
export interface PathsScene {
  readonly paths: readonly PersonPath[];
  readonly timeMs: number;
  /** Milliseconds between samples. */
  readonly intervalMs: number;
  readonly trail: TrailLength;
  /** Index of the person to bring forward, with the whole way; the others step back. */
  readonly selected: number | null;
}

/** A `recent` trail fades out over this time. */
const RECENT_MS = 4000;
/** Shorter steps of a whole way, in CSS pixels, are not drawn. */
const LEAST_STEP = 0.5;
const CASING = 'rgb(0 0 0 / 0.55)';

/**
 * Draws boxes, numbers and trails of one moment over what is there. A dark casing under each line keeps it readable on any
 * picture.
 * @param context scaled so that one unit is one CSS pixel
 * @param width width of the picture in CSS pixels
 * @param height height of the picture in CSS pixels
 * @param drawWhole draws what {@link drawWholeTrails} does, for who has it drawn already
 */
export function drawPaths(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: PathsScene,
  drawWhole = () => drawWholeTrails(context, width, height, scene),
): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  if (scene.trail === 'recent')
    for (const path of scene.paths)
      if (!isWhole(scene, path)) drawRecentTrail(context, width, height, scene, path);
  if (hasWholeTrails(scene)) drawWhole();
  // The selected person last, on top of all.
  const order = [...scene.paths].sort(
    (a, b) => Number(a.index === scene.selected) - Number(b.index === scene.selected),
  );
  for (const path of order) {
    const box = boxAt(path, scene.timeMs, scene.intervalMs);
    if (box) drawBox(context, width, height, path.index, box, dimmed(scene, path.index));
  }
}

/** The Index of the person at a point (ratios of the frame): the smallest box there, or null. */
export function personAt(
  paths: readonly PersonPath[],
  timeMs: number,
  intervalMs: number,
  x: number,
  y: number,
): number | null {
  let best: number | null = null;
  let bestArea = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    const box = boxAt(path, timeMs, intervalMs);
    if (!box || x < box.left || y < box.top) continue;
    if (x > box.left + box.width || y > box.top + box.height) continue;
    const area = box.width * box.height;
    if (area >= bestArea) continue;
    best = path.index;
    bestArea = area;
  }
  return best;
}

function dimmed(scene: PathsScene, index: number): boolean {
  return scene.selected !== null && scene.selected !== index;
}

function isWhole({ trail, selected }: PathsScene, { index }: PersonPath): boolean {
  return trail === 'whole' || index === selected;
}

/** Whether anybody's whole way is drawn. */
function hasWholeTrails({ trail, selected }: PathsScene): boolean {
  return trail === 'whole' || selected !== null;
}

/**
 * Draws the whole ways: a part of {@link drawPaths} that is the same at every moment, and of a day has millions of steps.
 * @param context scaled so that one unit is one CSS pixel
 */
export function drawWholeTrails(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: PathsScene,
): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const path of scene.paths) {
    if (!isWhole(scene, path)) continue;
    const { timestampsMs: times, boxes } = path;
    const broken = brokenAt(path, scene);
    context.beginPath();
    let lastX = Number.NaN;
    let lastY = Number.NaN;
    for (let i = 0; i < times.length; i++) {
      const x = footX(boxes, i) * width;
      const y = footY(boxes, i) * height;
      const begins = i === 0 || broken(i);
      const ends = i + 1 === times.length || broken(i + 1);
      // Whoever stands about for hours does so in a place or two.
      if (!begins && !ends && Math.hypot(x - lastX, y - lastY) < LEAST_STEP) continue;
      if (begins) context.moveTo(x, y);
      else context.lineTo(x, y);
      lastX = x;
      lastY = y;
    }
    stroke(context, path.index, 0.85 * strengthOf(scene, path), 2.5);
  }
}

function drawRecentTrail(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: PathsScene,
  path: PersonPath,
): void {
  const { timestampsMs: times, boxes } = path;
  const end = sampleBefore(path, scene.timeMs);
  if (end < 0 || times[end]! < scene.timeMs - RECENT_MS) return;
  const start = Math.max(0, sampleBefore(path, scene.timeMs - RECENT_MS));
  const broken = brokenAt(path, scene);
  const strength = strengthOf(scene, path);
  const now = boxAt(path, scene.timeMs, scene.intervalMs);
  for (let i = start + 1; i <= end + 1; i++) {
    const atHead = i === end + 1;
    if (atHead ? now === null : broken(i)) continue;
    context.beginPath();
    context.moveTo(footX(boxes, i - 1) * width, footY(boxes, i - 1) * height);
    if (atHead) {
      context.lineTo((now!.left + now!.width / 2) * width, (now!.top + now!.height) * height);
    } else {
      context.lineTo(footX(boxes, i) * width, footY(boxes, i) * height);
    }
    const age = Math.min(1, Math.max(0, (scene.timeMs - times[i - 1]!) / RECENT_MS));
    stroke(context, path.index, (1 - age) * 0.95 * strength, 1.5 + 2 * (1 - age));
  }
}

/** Where the feet were, as ratios of the frame: the middle of the box's lower edge. */
const footX = (boxes: Float32Array, i: number) => boxes[4 * i]! + boxes[4 * i + 2]! / 2;
const footY = (boxes: Float32Array, i: number) => boxes[4 * i + 1]! + boxes[4 * i + 3]!;

/** Whether a way breaks off before a sample. */
function brokenAt({ timestampsMs: times }: PersonPath, { intervalMs }: PathsScene) {
  const longest = longestStepMs(intervalMs);
  return (i: number) => times[i]! - times[i - 1]! > longest;
}

function strengthOf(scene: PathsScene, { index }: PersonPath): number {
  return dimmed(scene, index) ? 0.3 : 1;
}

function stroke(
  context: CanvasRenderingContext2D,
  index: number,
  alpha: number,
  lineWidth: number,
): void {
  context.globalAlpha = alpha * 0.5;
  context.strokeStyle = CASING;
  context.lineWidth = lineWidth + 2;
  context.stroke();
  context.globalAlpha = alpha;
  context.strokeStyle = personColour(index);
  context.lineWidth = lineWidth;
  context.stroke();
  context.globalAlpha = 1;
}

function drawBox(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  index: number,
  box: MomentBox,
  faint: boolean,
): void {
  const left = box.left * width;
  const top = box.top * height;
  const boxWidth = box.width * width;
  const boxHeight = box.height * height;
  const radius = Math.min(6, boxWidth / 4, boxHeight / 4);
  context.globalAlpha = faint ? 0.45 : 1;
  context.beginPath();
  context.roundRect(left, top, boxWidth, boxHeight, radius);
  context.setLineDash(box.estimated ? [6, 5] : []);
  context.strokeStyle = CASING;
  context.lineWidth = 4.5;
  context.stroke();
  context.strokeStyle = personColour(index);
  context.lineWidth = 2.5;
  context.stroke();
  context.setLineDash([]);

  const size = width < 480 ? 11 : 13;
  context.font = `700 ${size}px system-ui, sans-serif`;
  const text = String(personNumber(index));
  const labelWidth = Math.max(context.measureText(text).width + 10, size + 7);
  const labelHeight = size + 6;
  const labelLeft = Math.min(Math.max(0, left - 1.25), width - labelWidth);
  const labelTop = Math.max(0, top - labelHeight + 1.25);
  context.beginPath();
  context.roundRect(labelLeft, labelTop, labelWidth, labelHeight, 4);
  context.fillStyle = personColour(index);
  context.fill();
  context.fillStyle = personInk(index);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, labelLeft + labelWidth / 2, labelTop + labelHeight / 2 + 0.5);
  context.globalAlpha = 1;
}
