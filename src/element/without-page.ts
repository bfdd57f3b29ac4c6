/**
 * What the elements are built on where there is no page, on a server that renders one: only their modules are loaded there.
 * The library's build gives it to Lit, whose own stand-in is longer.
 */
export const HTMLElement = class {};
/** There are no elements to define. */
export const customElements = undefined;
