import type { Size } from '../../../../src/detect/input-size.ts';
import type { Int8Graph } from '../../../../src/detect/int8-graph.ts';
import { Arena } from './arena.ts';
import { type CompiledNetwork, compileNetwork, type Workshop } from './compile.ts';

/**
 * A network for an input and for parts of it: each size is compiled when it is first asked for, and all take turns on the
 * memory of the whole input, so that parts take no more of it.
 */
export class SizedNetworks {
  readonly #graph: Int8Graph;
  readonly #workshop: Workshop;
  readonly #start: number;
  readonly #end: number;
  readonly #networks = new Map<string, CompiledNetwork>();
  #current: CompiledNetwork;

  /**
   * @param size of the whole input
   * @throws RangeError where the graph is none that the kernels can compute
   */
  constructor(graph: Int8Graph, size: Size, workshop: Workshop) {
    this.#graph = graph;
    this.#workshop = workshop;
    this.#start = workshop.arena.end;
    this.#current = compileNetwork(graph, size, workshop);
    this.#end = workshop.arena.end;
    this.#networks.set(keyOf(size), this.#current);
  }

  /**
   * @param size no wider and no higher than the whole input
   * @returns ready to be given a picture; until another one is asked for
   */
  of(size: Size): CompiledNetwork {
    const known = this.#networks.get(keyOf(size));
    if (known && known !== this.#current) known.prepare();
    this.#current = known ?? this.#compile(size);
    return this.#current;
  }

  #compile(size: Size): CompiledNetwork {
    const arena = new Arena(this.#workshop.arena.memory, this.#start, this.#end);
    const network = compileNetwork(this.#graph, size, { ...this.#workshop, arena });
    this.#networks.set(keyOf(size), network);
    return network;
  }
}

function keyOf({ width, height }: Size): string {
  return `${width}x${height}`;
}
