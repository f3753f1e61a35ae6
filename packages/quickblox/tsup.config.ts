export { default } from '@x/tsup';
