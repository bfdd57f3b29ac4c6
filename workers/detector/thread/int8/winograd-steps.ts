import type { ConvolutionNode } from '../../../../src/detect/int8-graph.ts';
import type { Int8Kernels } from '../../wasm/int8/module.ts';
import { TILE_GROUP } from '../../wasm/int8/multiply-parts.ts';
import { PANEL_CHANNELS } from '../../wasm/int8/sums.ts';
import { TILE_SIZE } from '../../wasm/int8/winograd.ts';
import type { Step } from './map-steps.ts';
import { firstTap, type PlacedMap } from './place-maps.ts';
import { APART, MOST_TILES, type WinogradWeights } from './winograd-weights.ts';

/** The calls that compute a convolution tile by tile, as many tiles at a time as there is room for. */
export function winogradSteps(
  node: ConvolutionNode,
  from: PlacedMap,
  to: PlacedMap,
  table: number,
  { weights, spread, sums }: WinogradWeights,
  kernels: Int8Kernels,
): Step[] {
  const { inputChannels, channels, zero } = node;
  const first = firstTap(node, from);
  const across = Math.ceil(to.width / TILE_SIZE);
  const down = Math.ceil(to.height / TILE_SIZE);
  const columns = Math.min(across, MOST_TILES);
  const rows = Math.floor(MOST_TILES / columns);
  const panels = channels / PANEL_CHANNELS;
  const steps: Step[] = [];
  for (let row = 0; row < down; row += rows) {
    for (let column = 0; column < across; column += columns) {
      const wide = Math.min(columns, across - column);
      const high = Math.min(rows, down - row);
      const groups = Math.ceil((wide * high) / TILE_GROUP);
      const tiles = TILE_GROUP * groups;
      const [x, y] = [TILE_SIZE * column, TILE_SIZE * row];
      const spreadPart = 2 * inputChannels * tiles + APART;
      const sumsPart = 4 * channels * tiles + APART;
      const a = first + y * from.line + x * from.pixel;
      const c = to.address + y * to.line + x * to.pixel;
      steps.push(() => {
        kernels.spreadTiles(
          ...([a, from.line, from.pixel, wide, high, inputChannels / 8] as const),
          ...([spread, spreadPart] as const),
        );
        kernels.multiplyParts(
          ...([spread, spreadPart, 2 * inputChannels, weights] as const),
          ...([sums, sumsPart, 4 * channels, groups, inputChannels / 8, panels] as const),
        );
        kernels.gatherTiles(
          ...([sums, sumsPart, table, c, to.line, to.pixel, wide, high, panels] as const),
          ...([to.width - x, to.height - y, zero ?? 0] as const),
        );
      });
    }
  }
  return steps;
}
