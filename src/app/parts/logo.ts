import { html, type TemplateResult } from 'lit';

/** The mark: a dashed footpath that ends in somebody. The same drawing as `public/icons/footpath.svg`. */
export function logo(): TemplateResult {
  return html`<svg viewBox="0 0 64 64" aria-hidden="true">
    <rect width="64" height="64" rx="15" fill="#17694c" />
    <path
      d="M14 51c13 1 24-3 24-12S23 31 23 22c0-6 5-10 13-10"
      fill="none"
      stroke="#d8f3e4"
      stroke-width="5"
      stroke-linecap="round"
      stroke-dasharray="0.1 9"
    />
    <circle cx="47" cy="14" r="8" fill="#ffc44d" />
  </svg>`;
}
