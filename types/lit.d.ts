/** What the elements' types need of Lit's, which is bundled: https://lit.dev/docs/components/overview/ */

/** The class below every element. */
export declare class LitElement extends HTMLElement {
  static get observedAttributes(): string[];
  /** Settles once what was set is shown. */
  readonly updateComplete: Promise<boolean>;
  readonly hasUpdated: boolean;
  readonly isUpdatePending: boolean;
  readonly renderRoot: HTMLElement | ShadowRoot;
  /** Shows the element anew. */
  requestUpdate(): void;
  connectedCallback(): void;
  disconnectedCallback(): void;
  attributeChangedCallback(name: string, before: string | null, now: string | null): void;
  protected scheduleUpdate(): unknown;
  protected willUpdate(changed: PropertyValues): void;
  protected updated(changed: PropertyValues): void;
  protected render(): unknown;
}

/** What changed, by the names of properties. */
export type PropertyValues<T = unknown> = T extends object
  ? Map<keyof T, unknown>
  : Map<PropertyKey, unknown>;

/** What an element shows. */
export interface TemplateResult<Kind extends number = number> {
  readonly _$litType$: Kind;
  readonly strings: TemplateStringsArray;
  readonly values: unknown[];
}

/** A style sheet. */
export interface CSSResult {
  readonly cssText: string;
  readonly styleSheet: CSSStyleSheet | undefined;
}
