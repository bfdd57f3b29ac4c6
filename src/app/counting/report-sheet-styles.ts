import { css, unsafeCSS } from 'lit';

/** From the bottom to the top. */
const upright = css`
  writing-mode: vertical-rl;
  transform: rotate(180deg);
  text-align: start;
  line-height: 1.25;
`;

/**
 * A table whose rows are grids of as many columns as `--columns`, below the row's name. Numbers are half as wide as they are
 * high in every typeface: some systems have letters a quarter wider than others.
 */
const stacked = (table: string) =>
  unsafeCSS(`
  ${table}, ${table} > * { display: block; }
  ${table} tr {
    display: grid;
    grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    align-items: end;
    font-size: min(1em, 6cqi);
    font-size-adjust: ch-width 0.5;
  }
  ${table} [scope='row'], ${table} [scope='col']:first-child { grid-column: 1 / -1; }
  ${table} [scope='colgroup'] { grid-column: span 2; }
  ${table} thead td, ${table} .chart { display: none; }
`);

/** Looks of `<report-sheet>`: paper, on the screen too. */
export const reportSheetStyles = css`
  :host {
    display: block;
    color-scheme: light;
    container-type: inline-size;
    background: var(--card);
    color: var(--ink);
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    box-shadow: var(--shadow);
    padding: min(2rem, 4vw);
    font-size: 0.875rem;
    line-height: 1.4;
  }
  h1 {
    margin: 0;
    font-size: 1.5rem;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }
  /* Focused when it comes up, for screen readers. */
  h1:focus {
    outline: none;
  }
  h2 {
    margin: 0 0 0.375rem;
    font-size: 0.9375rem;
  }
  p {
    margin: 0.125rem 0 0;
  }
  header p {
    color: var(--ink-soft);
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 7.5rem), 1fr));
    gap: 0.5rem 1rem;
    margin: 0.875rem 0;
    padding: 0.625rem 0;
    border-block: 2px solid var(--ink);
  }
  dt {
    color: var(--ink-soft);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }
  dd {
    margin: 0;
    font-size: 1.375rem;
    line-height: 1.2;
    font-weight: 700;
    font-variant-numeric: var(--numbers);
    overflow-wrap: anywhere;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem 2rem;
  }
  .columns > div {
    display: grid;
    gap: 0.875rem;
    align-content: start;
    min-width: 0;
  }
  @container (min-width: 46rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
  section {
    min-width: 0;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.8125rem;
    font-variant-numeric: var(--numbers);
  }
  th {
    text-align: start;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  /* Words stay whole; names, which may be of any length, break. */
  th[scope='col'] {
    overflow-wrap: normal;
  }
  /* Names get the room in which they need not break, where there is any. */
  @container (min-width: 30rem) {
    .zones th:first-child {
      width: 40%;
    }
  }
  /* Words of many columns have no room side by side in all languages, nor have those of few on a phone: they stand upright. */
  .upright th[scope='col'] {
    vertical-align: bottom;
  }
  .upright span {
    ${upright}
  }
  @container (max-width: 30rem) {
    thead th {
      vertical-align: bottom;
    }
    .several span,
    .zones span {
      ${upright}
    }
    .several .chart {
      display: none;
    }
  }
  th,
  td {
    padding: 0.125rem 0.375rem 0.125rem 0;
    border-bottom: 1px solid var(--line);
  }
  @container (max-width: 30rem) {
    th,
    td {
      padding-inline-end: 0.125rem;
    }
  }
  td,
  th[scope='colgroup'],
  th[scope='col']:not(:first-child) {
    text-align: end;
  }
  .times th[scope='row'] {
    white-space: nowrap;
    font-weight: 400;
  }
  /* Large letters. */
  @container (max-width: 15rem) {
    .times span {
      ${upright}
    }
    .times th[scope='row'] {
      white-space: normal;
    }
    th[scope='col'] {
      overflow-wrap: anywhere;
    }
    .chart {
      display: none;
    }
  }
  /* Many columns are all there is room for: each time stands above its numbers, and nothing has to be scrolled sideways. */
  @container (max-width: 15rem) {
    ${stacked('.several')}
  }
  @container (max-width: 18rem) {
    ${stacked('.upright')}
  }
  .times tfoot th[scope='row'],
  .times tfoot td {
    font-weight: 700;
    border-bottom: 0;
  }
  .busiest {
    font-weight: 700;
  }
  .chart {
    width: 35%;
    padding-inline: 0.5rem 0;
  }
  /* Words of several lines need the room more. */
  .several .chart {
    width: 12%;
  }
  .chart div {
    height: 0.625rem;
    background: var(--accent);
    border-radius: 0 2px 2px 0;
    print-color-adjust: exact;
  }
  .map {
    position: relative;
    /* A picture that stands must leave room for the rest of the page. */
    width: min(100%, var(--ratio) * 7cm);
    aspect-ratio: var(--ratio);
    background: var(--sunken);
    overflow: clip;
    margin-bottom: 0.375rem;
  }
  .map img {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    filter: grayscale(1);
  }
  .map,
  .map * {
    print-color-adjust: exact;
  }
  .failed {
    padding: 0.5rem 0.75rem;
    border: 2px solid;
  }
  .how {
    font-size: 0.8125rem;
  }
  footer {
    margin-top: 0.875rem;
    font-size: 0.75rem;
    color: var(--ink-soft);
  }
  @media print {
    :host {
      border: 0;
      box-shadow: none;
      padding: 0;
      font-size: 9pt;
    }
    table,
    .how,
    dt {
      font-size: 8.5pt;
    }
    dl {
      margin-block: 0.5rem;
    }
    /* A time and its count stay in one line in a column of five. */
    dd {
      font-size: 13pt;
    }
    article {
      break-inside: avoid;
    }
    /* The page's width is paper's, whatever the window's. */
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 0.75rem 1.5rem;
    }
    .columns > div {
      gap: 0.625rem;
    }
  }
`;
