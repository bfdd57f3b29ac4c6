/** Kernels between convolutions, on maps of 7-bit activations: enlarging and sums. */
import {
  advance,
  advanceBy,
  assign,
  type Code,
  constant,
  F32,
  ge,
  get,
  I32,
  loadWord,
  namedFunction,
  product,
  repeat,
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';
import { asActivations, fourBytes, prepareRounding, rounded } from './activations.ts';

/**
 * A line enlarged between two lines: bilinear, weights in sixteenths. Channels a multiple of 8.
 * @param top one line; `bottom` the other, whose weight is `share` (0 to 16)
 * @param table for each pixel of the result three words: bytes to its left pixel, to its right one, the right's weight
 */
export type ResizeLine = (
  top: number,
  bottom: number,
  share: number,
  table: number,
  c: number,
  cPixel: number,
  pixels: number,
  channels: number,
) => void;

/** Sums of two maps: `first` times one plus `second` times the other plus `rest`, rounded. Channels a multiple of 4. */
export type AddMaps = (
  a: number,
  aLine: number,
  aPixel: number,
  b: number,
  bLine: number,
  bPixel: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  channels: number,
  first: number,
  second: number,
  rest: number,
) => void;

/** {@link ResizeLine} */
export function resizeLine(): WasmFunction {
  return namedFunction(
    {
      ...{ top: I32, bottom: I32, share: I32, table: I32, c: I32, cPixel: I32, pixels: I32 },
      channels: I32,
    },
    {
      ...{ left: I32, right: I32, channel: I32, shareRight: I32, upper: V128, result: V128 },
      ...{ ofLeft: V128, ofRight: V128, ofTop: V128, ofBottom: V128 },
    },
    ($) => {
      const weights = (share: Code): [Code, Code] => [
        vector('i16x8.splat', [...constant(16), ...share, 0x6b]),
        vector('i16x8.splat', share),
      ];
      const mix = (first: Code, firstShare: number, second: Code, secondShare: number): Code =>
        vector(
          'i16x8.add',
          vector('i16x8.mul', first, get(firstShare)),
          vector('i16x8.mul', second, get(secondShare)),
        );
      const [ofTop, ofBottom] = weights(get($.share));
      const [ofLeft, ofRight] = weights(get($.shareRight));
      const across = (line: number): Code => {
        const eight = (pixel: number) =>
          vectorAt('i16x8.load8x8_u', 0, sum(get(line), get(pixel), get($.channel)));
        return mix(eight($.left), $.ofLeft, eight($.right), $.ofRight);
      };
      return [
        ...[assign($.ofTop, ofTop), assign($.ofBottom, ofBottom)].flat(),
        ...repeat($.pixels, [
          ...assign($.left, loadWord(0, get($.table))),
          ...assign($.right, loadWord(4, get($.table))),
          ...assign($.shareRight, loadWord(8, get($.table))),
          ...[assign($.ofLeft, ofLeft), assign($.ofRight, ofRight)].flat(),
          ...assign($.channel, constant(0)),
          ...whileTrue(
            [...get($.channels), ...sum(get($.channel), constant(8)), ...ge],
            [
              ...assign($.upper, across($.top)),
              ...assign(
                $.result,
                vector(
                  'i16x8.shr_u',
                  vector(
                    'i16x8.add',
                    mix(get($.upper), $.ofTop, across($.bottom), $.ofBottom),
                    vector('i16x8.splat', constant(128)),
                  ),
                  constant(8),
                ),
              ),
              ...storeLow(
                8,
                0,
                sum(get($.c), get($.channel)),
                vector('i8x16.narrow_i16x8_u', get($.result), get($.result)),
              ),
              ...advance($.channel, 8),
            ],
          ),
          ...[advance($.table, 12), advanceBy($.c, get($.cPixel))].flat(),
        ]),
      ];
    },
  );
}

/** {@link AddMaps} */
export function addMaps(): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, b: I32, bLine: I32, bPixel: I32, c: I32, cLine: I32 },
      ...{
        cPixel: I32,
        lines: I32,
        pixels: I32,
        channels: I32,
        first: F32,
        second: F32,
        rest: F32,
      },
    },
    {
      ...{ pixel: I32, channel: I32, line: I32, rounder: V128, bits: V128, narrow: V128 },
      ...{ firsts: V128, seconds: V128, rests: V128 },
    },
    ($) => {
      const at = (map: number, stride: number): Code =>
        sum(get(map), product(get($.pixel), get(stride)), get($.channel));
      const scaled = (map: number, stride: number, scale: number): Code =>
        vector(
          'f32x4.mul',
          vector('f32x4.convert_i32x4_s', fourBytes(at(map, stride))),
          get(scale),
        );
      const total = vector(
        'f32x4.add',
        vector('f32x4.add', scaled($.a, $.aPixel, $.firsts), scaled($.b, $.bPixel, $.seconds)),
        get($.rests),
      );
      return [
        ...prepareRounding($.rounder, $.bits),
        ...assign($.firsts, vector('f32x4.splat', get($.first))),
        ...assign($.seconds, vector('f32x4.splat', get($.second))),
        ...assign($.rests, vector('f32x4.splat', get($.rest))),
        ...assign($.line, get($.lines)),
        ...repeat($.line, [
          ...assign($.pixel, constant(0)),
          ...whileTrue(
            [...get($.pixels), ...sum(get($.pixel), constant(1)), ...ge],
            [
              ...assign($.channel, constant(0)),
              ...whileTrue(
                [...get($.channels), ...sum(get($.channel), constant(4)), ...ge],
                [
                  ...storeLow(
                    4,
                    0,
                    at($.c, $.cPixel),
                    asActivations(rounded(total, $.rounder, $.bits), $.narrow),
                  ),
                  ...advance($.channel, 4),
                ],
              ),
              ...advance($.pixel, 1),
            ],
          ),
          ...advanceBy($.a, get($.aLine)),
          ...advanceBy($.b, get($.bLine)),
          ...advanceBy($.c, get($.cLine)),
        ]),
      ];
    },
  );
}
