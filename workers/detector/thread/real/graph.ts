/** A prepared graph in tfjs's form, as far as it is computed without tfjs: one picture at a time, channels last. */
import type { LoadedModel } from '../../pool/protocol.ts';

/** Numbers of a map's channels are added, taken off or multiplied with. */
export interface RowStep {
  readonly op: 'Add' | 'Sub' | 'Mul';
  /** Name of a row. */
  readonly row: string;
}

/** What becomes of a map: rows' steps in their order, then another map is added, then what is negative becomes 0. */
export interface MapRecipe {
  readonly map: string;
  readonly rows: readonly RowStep[];
  readonly other?: string;
  readonly isRectified: boolean;
}

/** One step of a network. */
export interface RealNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  /** Of operations that were made of several. */
  readonly recipe?: MapRecipe;
}

/** The picture that a network takes. */
export interface RealInput {
  /** Name of the graph's node. */
  readonly node: string;
  readonly width: number;
  readonly height: number;
}

/** Numbers and their lengths. */
export interface RealTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** Nodes in an order in which they can run, and the numbers they name. */
export interface RealGraph {
  readonly nodes: readonly RealNode[];
  readonly tensors: ReadonlyMap<string, RealTensor>;
}

/** What a node says of itself, as model.json has it. */
export class Attributes {
  readonly #values: Readonly<Record<string, Attribute>>;

  constructor(values: Readonly<Record<string, Attribute>> = {}) {
    this.#values = values;
  }

  /** A text; empty where there is none. */
  text(name: string): string {
    return atob(this.#values[name]?.s ?? '');
  }

  /** Texts. */
  texts(name: string): string[] {
    return (this.#values[name]?.list?.s ?? []).map(atob);
  }

  /** Whole numbers. */
  numbers(name: string): number[] {
    return (this.#values[name]?.list?.i ?? []).map(Number);
  }

  /** A real number. */
  real(name: string): number {
    return this.#values[name]?.f ?? 0;
  }
}

interface Attribute {
  readonly s?: string;
  readonly f?: number;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
}

interface ModelJson {
  readonly modelTopology: {
    readonly node: readonly {
      readonly name: string;
      readonly op: string;
      readonly input?: readonly string[];
      readonly attr?: Readonly<Record<string, Attribute>>;
    }[];
  };
  readonly weightsManifest: readonly {
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly quantization?: object;
    }[];
  }[];
}

/**
 * Reads `model.json` and `weights.bin`.
 * @throws RangeError where weights are of another kind than 32-bit numbers
 */
export function readGraph(files: LoadedModel['files']): RealGraph {
  const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as ModelJson;
  const bytes = files.get('weights.bin')!;
  const tensors = new Map<string, RealTensor>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of model.weightsManifest[0]!.weights) {
    if ((dtype !== 'float32' && dtype !== 'int32') || quantization)
      throw new RangeError(`${name} is of ${dtype}, or stored as something else.`);
    const count = shape.reduce((product, length) => product * length, 1);
    const values =
      dtype === 'float32' ? new Float32Array(bytes, at, count) : new Int32Array(bytes, at, count);
    tensors.set(name, { shape, values });
    at += 4 * count;
  }
  const nodes = model.modelTopology.node
    .filter(({ op }) => op !== 'Const')
    .map(({ name, op, input = [], attr }) => ({
      ...{ name, op },
      inputs: input.map((one) => one.replace(/:0$/, '')),
      attributes: new Attributes(attr),
    }));
  return { nodes, tensors };
}
