import type { CSSResultOrNative } from 'lit';

/** Sheets of other documents; a sheet that was made by script serves the document alone that it was made in. */
const made = new WeakMap<Document, Map<CSSResultOrNative, CSSStyleSheet>>();

/**
 * Gives a shadow root its style sheets in the document that it is in now: that of a frame, or of a window of its own
 * (Document Picture-in-Picture). A document that is not shown has none.
 */
export function adoptHere(root: ShadowRoot, styles: readonly CSSResultOrNative[]): void {
  const { ownerDocument } = root;
  const view = ownerDocument.defaultView;
  if (!view) return;
  const sheets = made.get(ownerDocument) ?? new Map<CSSResultOrNative, CSSStyleSheet>();
  made.set(ownerDocument, sheets);
  root.adoptedStyleSheets = styles.map((style) => {
    const known = sheets.get(style);
    if (known) return known;
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(
      'cssText' in style ? style.cssText : [...style.cssRules].map((rule) => rule.cssText).join(''),
    );
    sheets.set(style, sheet);
    return sheet;
  });
}
