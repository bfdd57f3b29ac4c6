/**
 * Folders in MOTChallenge's form: `<suite>/<sequence>/{seqinfo.ini, det/det.txt, gt/gt.txt}`.
 * Source: the development kit, https://github.com/JonathonLuiten/TrackEval/blob/master/docs/MOTChallenge-Official/Readme.md.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MotDataError, type MotRows, parseMot, parseMotTruth } from '../src/metrics/mot-text.ts';

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
  return entriesOf(folder).filter((name) => statSync(join(folder, name)).isDirectory());
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

/** @throws MotDataError when seqinfo.ini is missing or lacks a value */
export function readSequence(folder: string): MotSequence {
  const path = join(folder, 'seqinfo.ini');
  const text = readText(path);
  const numberOf = (key: string): number => {
    const value = Number(new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)\\s*$`, 'im').exec(text)?.[1]);
    if (value > 0) return value;
    throw new MotDataError(`${path}: ${key} is missing or not a number above 0.`);
  };
  return {
    name: basename(folder),
    folder,
    frameCount: numberOf('seqLength'),
    frameRate: numberOf('frameRate'),
    width: numberOf('imWidth'),
    height: numberOf('imHeight'),
  };
}

/** The sequence's ground truth. @throws MotDataError when gt/gt.txt is missing or malformed */
export function readTruth(sequence: MotSequence): MotRows {
  const path = join(sequence.folder, 'gt/gt.txt');
  return parseMotTruth(readText(path), path);
}

/** The sequence's given detections. @throws MotDataError when det/det.txt is missing or malformed */
export function readDetections(sequence: MotSequence): MotRows {
  return readRows(join(sequence.folder, 'det/det.txt'));
}

/** A file of results or detections. @throws MotDataError when it is missing or malformed */
export function readRows(path: string): MotRows {
  return parseMot(readText(path), path);
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
