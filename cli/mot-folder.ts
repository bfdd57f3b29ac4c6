/**
 * Folders in MOTChallenge's form: `<suite>/<sequence>/{seqinfo.ini, det/det.txt, gt/gt.txt}`.
 * Source: the development kit, https://github.com/JonathonLuiten/TrackEval/blob/master/docs/MOTChallenge-Official/Readme.md.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  MotDataError,
  type MotRows,
  parseMot,
  parseMotResults,
  parseMotTruth,
} from '../src/metrics/mot-text.ts';

/** One sequence, as its seqinfo.ini describes it. */
export interface MotSequence {
  /** Name of the sequence: that of its folder, which results are named after. */
  readonly name: string;
  readonly folder: string;
  /** Frames of the sequence; they count from 1. */
  readonly frameCount: number;
  /** Frames a second. */
  readonly frameRate: number;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/**
 * Sequences in a folder, by name; subfolders without a seqinfo.ini are passed over.
 * @throws MotDataError when the folder is missing or a seqinfo.ini lacks a value
 */
export function listSequences(folder: string): MotSequence[] {
  return listFolders(folder)
    .filter((name) => isFile(join(folder, name, 'seqinfo.ini')))
    .map((name) => readSequence(join(folder, name)));
}

/**
 * Names of the subfolders of a folder, sorted.
 * @throws MotDataError when the folder is missing
 */
export function listFolders(folder: string): string[] {
  return entriesOf(folder).filter((name) => {
    // A link may lead nowhere.
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isDirectory() ?? false;
  });
}

/**
 * Names, without the extension, of the `.txt` files in a folder, sorted.
 * @throws MotDataError when the folder is missing
 */
export function listResults(folder: string): string[] {
  return entriesOf(folder)
    .filter((name) => name.endsWith('.txt') && isFile(join(folder, name)))
    .map((name) => name.slice(0, -'.txt'.length));
}

/** Frames of a sequence: almost four days at 30 a second. */
const MOST_FRAMES = 10_000_000;
const HIGHEST_FRAME_RATE = 10_000;
/** Pixels a side: the most that JPEG and common video formats have. */
const LARGEST_SIDE = 65_535;

/** @throws MotDataError when seqinfo.ini is missing, lacks a value or has one that no video has */
export function readSequence(folder: string): MotSequence {
  const path = join(folder, 'seqinfo.ini');
  const text = readText(path);
  const numberOf = (key: string, most: number, isWhole: boolean): number => {
    const lines = text.split(/\r\n|\r|\n/);
    const at = lines.findIndex((line) => new RegExp(`^\\s*${key}\\s*[=:]`, 'i').test(line));
    if (at < 0) throw new MotDataError(`${path}: ${key} is missing.`);
    const written = lines[at]!.slice(lines[at]!.search(/[=:]/) + 1).trim();
    const form = isWhole ? /^\d+$/ : /^\d+(\.\d+)?$/;
    const value = form.test(written) ? Number(written) : Number.NaN;
    if (value > 0 && value <= most) return value;
    const kind = isWhole ? 'a whole number from 1 to' : 'a number above 0, at most';
    throw new MotDataError(`${path}:${at + 1}: ${key} must be ${kind} ${most}, but is ${written}.`);
  };
  return {
    name: basename(folder),
    folder,
    frameCount: numberOf('seqLength', MOST_FRAMES, true),
    frameRate: numberOf('frameRate', HIGHEST_FRAME_RATE, false),
    width: numberOf('imWidth', LARGEST_SIDE, true),
    height: numberOf('imHeight', LARGEST_SIDE, true),
  };
}

/** The sequence's ground truth. @throws MotDataError when gt/gt.txt is missing or malformed */
export function readTruth(sequence: MotSequence): MotRows {
  const path = join(sequence.folder, 'gt/gt.txt');
  return parseMotTruth(readText(path), path);
}

/** Where a sequence's detections lie. */
export function detectionsPath(sequence: MotSequence): string {
  return join(sequence.folder, 'det/det.txt');
}

/** The sequence's given detections. @throws MotDataError when det/det.txt is missing or malformed */
export function readDetections(sequence: MotSequence): MotRows {
  const path = detectionsPath(sequence);
  return parseMot(readText(path), path);
}

/** A file of results. @throws MotDataError when it is missing, malformed or of other classes than pedestrians */
export function readResults(path: string): MotRows {
  return parseMotResults(readText(path), path);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new MotDataError(`${folder}: this folder cannot be read.`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MotDataError(`${path}: this file cannot be read.`, { cause: error });
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
