export { inSpan } from './span.js';
