import { resultMark, runSuite } from '../run-suite.ts';

// biome-ignore lint/style/noDefaultExport: workerd takes its test from the default export
export default {
  test(): void {
    console.log(resultMark + JSON.stringify(runSuite()));
  },
};
