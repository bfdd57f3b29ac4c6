import { type KnownAgainBy, MODEL_FAMILIES, type TrackingSettings } from '../engine/settings.ts';
import { fingerprint } from '../store/fingerprint.ts';
import type { JobSettings, OwnModel } from './api.ts';
import { baseAddress } from './base-address.ts';

/** What a detector of the caller's own must be; completes "must be …". */
export const OWN_MODEL_RULE = `{ onnx: a file or an address of this origin, family: ${MODEL_FAMILIES.join(' or ')} }`;

/** Whether a setting is a detector of the caller's own that can be used: of a known family, and a file or of this origin. */
export function isOwnModel(model: unknown): model is OwnModel {
  if (typeof model !== 'object' || model === null) return false;
  const { onnx, family } = model as Partial<OwnModel>;
  if (!MODEL_FAMILIES.includes(family!)) return false;
  return onnx instanceof Blob || addressOf(onnx)?.origin === globalThis.origin;
}

function addressOf(value: unknown): URL | undefined {
  if (typeof value !== 'string' && !(value instanceof URL)) return undefined;
  const base = baseAddress();
  return URL.canParse(value, base) ? new URL(value, base) : undefined;
}

/**
 * Settings as a job's record keeps them.
 * @returns with them the file that has to be kept beside the record, if the detector is one
 */
export async function recordSettings(
  settings: JobSettings,
): Promise<{ settings: TrackingSettings; modelFile?: Blob }> {
  const { model, ...rest } = settings;
  const isAddress = rest.knownAgainBy.endsWith('.json');
  const knownAgainBy = isAddress
    ? (new URL(rest.knownAgainBy, baseAddress()).href as KnownAgainBy)
    : rest.knownAgainBy;
  const others = { ...rest, knownAgainBy };
  if (typeof model === 'string') return { settings: { ...others, model } };
  const { onnx, family } = model;
  if (!(onnx instanceof Blob)) {
    const { href, pathname } = addressOf(onnx)!;
    const name = pathname.split('/').at(-1) || 'model.onnx';
    return { settings: { ...others, model: { name, family, from: { url: href } } } };
  }
  const name = onnx instanceof File ? onnx.name : 'model.onnx';
  const from = { file: await fingerprint(onnx) };
  return { settings: { ...others, model: { name, family, from } }, modelFile: onnx };
}
