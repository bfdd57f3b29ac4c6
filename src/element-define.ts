/** The entry `footpath/element/define`: importing it makes the elements known to the page. */
import { defineFootpathElements } from './element/define.ts';

defineFootpathElements();
