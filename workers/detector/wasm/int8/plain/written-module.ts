import { int8Module } from '../module.ts';

/** {@link int8Module}'s bytes for browsers without relaxed SIMD; a build puts them here in place of what writes them, which takes longer than anything else before a frame. */
export const writtenModule = (): Uint8Array<ArrayBuffer> => int8Module('plain');
