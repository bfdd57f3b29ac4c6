import type { TrackingSettings } from '../src/engine/settings.ts';
import type { PreparedModel } from './detector/pool/detector-pool.ts';

/** Whether set-up had the network: a page must not ask for what is not there. */
declare const __REIDENTIFICATION__: boolean;

/**
 * The network that people are known again by, for a detector pool.
 * @param assets address of the folder that `models/` lies in
 * @returns nothing where it is colours: because they are wanted, because set-up could not fetch the network, or because
 *   nothing looks over the whole job
 */
export function embeddingOf(
  { knownAgainBy, refine }: Pick<TrackingSettings, 'knownAgainBy' | 'refine'>,
  assets: string,
): { embedding?: PreparedModel } {
  if (!refine || knownAgainBy === 'colours') return {};
  if (knownAgainBy !== 'network') return { embedding: { manifestUrl: knownAgainBy } };
  if (!__REIDENTIFICATION__) return {};
  const { href } = new URL('models/person-reidentification/manifest.json', assets);
  return { embedding: { manifestUrl: href } };
}
