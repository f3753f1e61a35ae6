import { resultMark, runSuite } from '../run-suite.ts';

console.log(resultMark + JSON.stringify(runSuite()));
