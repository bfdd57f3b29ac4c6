/** Chains of operations on whole maps that become one. */
import { expect, test } from 'vitest';
import {
  COMBINE,
  fuseMaps,
  MEAN_OF_SQUARES,
} from '../../workers/detector/thread/real/fuse-maps.ts';
import { Attributes, type RealNode } from '../../workers/detector/thread/real/graph.ts';

const node = (name: string, op: string, ...inputs: string[]): RealNode => ({
  ...{ name, op, inputs, attributes: new Attributes() },
});

/** Names of maps are in capitals. */
const fuse = (nodes: RealNode[], output: string) =>
  fuseMaps({ nodes, tensors: new Map() }, (name) => name === name.toUpperCase(), output).nodes.map(
    ({ name, op, inputs }) => [name, op, ...inputs].join(' '),
  );

test('a map is brought to mean 0 and deviation 1, scaled and rectified in one pass', () => {
  const nodes = [
    node('X', 'Placeholder'),
    node('mean', 'Mean', 'X', 'axes'),
    node('CENTRED', 'Sub', 'X', 'mean'),
    node('SQUARES', 'Square', 'CENTRED'),
    node('variance', 'Mean', 'SQUARES', 'axes'),
    node('scale', 'Rsqrt', 'variance'),
    node('NORMED', 'Mul', 'CENTRED', 'scale'),
    node('SHIFTED', 'Add', 'NORMED', 'shift'),
    node('Y', 'Relu', 'SHIFTED'),
  ];
  expect(fuse(nodes, 'Y')).toEqual([
    'X Placeholder',
    'mean Mean X axes',
    `variance ${MEAN_OF_SQUARES} X mean`,
    'scale Rsqrt variance',
    `Y ${COMBINE} X mean scale shift`,
  ]);
});

test('a gated map is scaled while another is added, and what is taken twice is made once', () => {
  const nodes = [
    node('A', 'Placeholder'),
    node('B', 'Placeholder'),
    node('GATED', 'Mul', 'A', 'gate'),
    node('SUM', 'Add', 'GATED', 'B'),
    node('Y', 'Relu', 'SUM'),
    node('Z', 'Add', 'Y', 'SUM'),
  ];
  expect(fuse(nodes, 'Z')).toEqual([
    'A Placeholder',
    'B Placeholder',
    `SUM ${COMBINE} A gate B`,
    `Y ${COMBINE} SUM`,
    `Z ${COMBINE} Y SUM`,
  ]);
});

test('what does not commute ends a chain, and what is not known stays', () => {
  const nodes = [
    node('A', 'Placeholder'),
    node('BENT', 'Relu', 'A'),
    node('SHIFTED', 'Add', 'BENT', 'shift'),
    node('SCALED', 'Mul', 'SHIFTED', 'scale'),
    node('SUM', 'Add', 'SCALED', 'A'),
    node('FROM', 'Sub', 'row', 'SUM'),
    node('PRODUCT', 'Mul', 'FROM', 'A'),
  ];
  expect(fuse(nodes, 'PRODUCT')).toEqual([
    'A Placeholder',
    `BENT ${COMBINE} A`,
    `SCALED ${COMBINE} BENT shift scale`,
    `SUM ${COMBINE} SCALED A`,
    'FROM Sub row SUM',
    'PRODUCT Mul FROM A',
  ]);
});
