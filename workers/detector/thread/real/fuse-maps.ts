/** Operations on whole maps that follow one another become one, so that a map is read and written once. */
import type { MapRecipe, RealGraph, RealNode } from './graph.ts';

/** Operations that {@link fuseMaps} makes; their inputs are what the recipe names. */
export const COMBINE = 'Combine';
/** The mean of the squares of what the recipe makes, for each channel. */
export const MEAN_OF_SQUARES = 'MeanOfSquares';

/**
 * @param isMap whether a name is of a map, rather than of a row of numbers
 * @param output name of the result
 * @returns the graph with a {@link COMBINE} for each chain of sums, differences, products with rows and rectifications of a map,
 *   and a {@link MEAN_OF_SQUARES} in place of squares and their mean
 */
export function fuseMaps(
  { nodes, tensors }: RealGraph,
  isMap: (name: string) => boolean,
  output: string,
): RealGraph {
  const recipes = new Map<string, MapRecipe>();
  const takers = countTakers(nodes, output);
  const squares = new Map(
    nodes.filter(({ op, name }) => op === 'Square' && isMap(name)).map((one) => [one.name, one]),
  );
  /** What makes a map, where that may be left to who takes it: rows' steps cost nothing, the rest is done once. */
  const recipeOf = (map: string): MapRecipe => {
    const known = recipes.get(map);
    return known && (isOpen(known) || takers.get(map) === 1) ? known : untouched(map);
  };
  /** The same, as long as rows' steps may follow. */
  const openRecipeOf = (map: string): MapRecipe => {
    const recipe = recipeOf(map);
    return isOpen(recipe) ? recipe : untouched(map);
  };
  const recipeFor = ({ op, inputs }: RealNode): MapRecipe | undefined => {
    const [first = '', second = ''] = inputs;
    if (op === 'Relu') return { ...recipeOf(first), isRectified: true };
    if (op !== 'Add' && op !== 'Sub' && op !== 'Mul') return undefined;
    if (isMap(first) && isMap(second)) {
      if (op !== 'Add') return undefined;
      // One of them may be scaled on the way.
      const [own, other] = [recipeOf(first), recipeOf(second)].map(isScaling);
      if (own) return { ...recipeOf(first), other: second };
      if (other) return { ...recipeOf(second), other: first };
      return { ...untouched(first), other: second };
    }
    const [map, row] = isMap(first) ? [first, second] : [second, first];
    if (op === 'Sub' && map !== first) return undefined;
    const before = openRecipeOf(map);
    return { ...before, rows: [...before.rows, { op, row }] };
  };
  const fused = nodes.map((node): RealNode => {
    const { name, op, inputs } = node;
    if (op === 'Mean') {
      const square = squares.get(inputs[0]!);
      if (!square) return node;
      const map = square.inputs[0]!;
      const before = openRecipeOf(map);
      const isShift = before.rows.every((step) => step.op !== 'Mul');
      return made(node, MEAN_OF_SQUARES, isShift ? before : untouched(map));
    }
    if (!isMap(name)) return node;
    const recipe = recipeFor(node);
    if (!recipe) return node;
    recipes.set(name, recipe);
    return made(node, COMBINE, recipe);
  });
  return { nodes: withoutUnused(fused, output), tensors };
}

function untouched(map: string): MapRecipe {
  return { map, rows: [], isRectified: false };
}

function isOpen({ other, isRectified }: MapRecipe): boolean {
  return other === undefined && !isRectified;
}

/** Whether a map is multiplied and nothing else. */
function isScaling(recipe: MapRecipe): boolean {
  const { rows } = recipe;
  return isOpen(recipe) && rows.length > 0 && rows.every(({ op }) => op === 'Mul');
}

function made(node: RealNode, op: string, recipe: MapRecipe): RealNode {
  const { map, rows, other } = recipe;
  const inputs = [map, ...rows.map(({ row }) => row), ...(other === undefined ? [] : [other])];
  return { ...node, op, inputs, recipe };
}

function countTakers(nodes: readonly RealNode[], output: string): Map<string, number> {
  const takers = new Map([[output, 1]]);
  for (const { inputs } of nodes)
    for (const input of inputs) takers.set(input, (takers.get(input) ?? 0) + 1);
  return takers;
}

/** Without what nobody takes. */
function withoutUnused(nodes: readonly RealNode[], output: string): RealNode[] {
  const taken = new Set([output]);
  const kept: RealNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!taken.has(node.name)) continue;
    for (const input of node.inputs) taken.add(input);
    kept.push(node);
  }
  return kept.reverse();
}
