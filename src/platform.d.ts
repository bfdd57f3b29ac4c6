/**
 * The few globals that every host of the pure folders has (browser, worker, Node 20+), declared here
 * so that those folders compile without any host's library and a stray `window` or `indexedDB`
 * is a compile error.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes?: Uint8Array | ArrayBuffer): string;
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
/** Base64 to a string of bytes. Throws on other characters. */
declare function atob(base64: string): string;
/** A string of bytes to base64. Throws on characters above 255. */
declare function btoa(bytes: string): string;
