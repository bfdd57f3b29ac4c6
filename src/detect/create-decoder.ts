import type { OutputDecoder } from './decoder.ts';
import { createGflDecoder } from './gfl.ts';
import type { Size } from './input-size.ts';
import type { Decode } from './manifest.ts';
import { decodeRows } from './rows.ts';
import { createSsdDecoder } from './ssd.ts';
import { createYoloxDecoder } from './yolox.ts';

/**
 * The decoder that a manifest asks for.
 * @param decode of the manifest
 * @param input the network's input in pixels
 */
export function createDecoder(decode: Decode, input: Size): OutputDecoder {
  switch (decode.kind) {
    case 'ssd':
      return createSsdDecoder(decode, input);
    case 'gfl':
      return createGflDecoder(decode, input);
    case 'yolox':
      return createYoloxDecoder(decode, input);
    case 'rows':
      return decodeRows;
  }
}
