import type { Scene } from '../../analytics/scene.ts';
import { Failure } from '../../contract/failure.ts';
import { messageOf } from '../../contract/message-of.ts';
import { ownAddress } from './own-address.ts';

/**
 * A scene as an element is given one: itself, its JSON, or its address on the page's own origin.
 * @returns undefined where none was given
 * @throws Failure `scene-invalid` that names the place, the rule and the value, or the address that cannot be had;
 * `object-unreadable` where the address is another origin's
 */
export async function readScene(given: Scene | string | null): Promise<Scene | undefined> {
  if (!given) return undefined;
  const { parseScene } = await import('../../client/person-tracking.ts');
  try {
    if (typeof given !== 'string' || given.trim().startsWith('{')) return parseScene(given);
    const answer = await fetch(ownAddress('scene', given), { mode: 'same-origin' });
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}.`);
    return parseScene(await answer.text());
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('scene-invalid', messageOf(error));
  }
}
