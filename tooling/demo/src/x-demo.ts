#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { createPage } from './page.ts';
import { play } from './play.ts';
import { createRenderer } from './render.ts';
import { scenarios } from './scenarios/index.ts';
import { type Outcome, type Provider, providers } from './step.ts';

const usage = `Usage: demo [options]

Drives the authentications of all five providers over HTTP on loopback, each against its emulator.

  --only <provider>   one of ${providers.join(', ')}
  --break <provider>  change one byte on the wire and show where it is caught; the run then fails
  --json              one JSON document instead of the transcript
  --serve [--port n]  keep running, with a page in the browser that plays each on a button
  --help              this text
`;

process.exitCode = await main(process.argv.slice(2));

async function main(parameters: readonly string[]): Promise<number> {
  let values: ReturnType<typeof read>;
  try {
    values = read(parameters);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.serve) return serve(values.port);
  return run(values);
}

function read(parameters: readonly string[]): {
  readonly only: Provider | undefined;
  readonly broken: Provider | undefined;
  readonly json: boolean;
  readonly serve: boolean;
  readonly port: number;
  readonly help: boolean;
} {
  const { values } = parseArgs({
    args: parameters.filter((parameter) => parameter !== '--'),
    options: {
      only: { type: 'string' },
      break: { type: 'string' },
      json: { type: 'boolean', default: false },
      serve: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only === undefined ? undefined : asProvider('--only', values.only);
  const broken = values.break === undefined ? undefined : asProvider('--break', values.break);
  if (only !== undefined && broken !== undefined && only !== broken) {
    throw new Error(`--only ${only} leaves out what --break ${broken} would show`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port must be 0 to 65535, got ${values.port}`);
  return { only, broken, json: values.json, serve: values.serve, port, help: values.help };
}

function asProvider(option: string, value: string): Provider {
  const found = providers.find((provider) => provider === value);
  if (found === undefined) throw new Error(`${option} must be one of ${providers.join(', ')}, got ${value}`);
  return found;
}

async function run({ only, broken, json }: ReturnType<typeof read>): Promise<number> {
  const renderer = createRenderer({ colour: !json && wantsColour() });
  const say = (text: string): void => {
    if (!json) console.log(text);
  };
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios.filter(({ provider }) => only === undefined || provider === only)) {
    say(renderer.heading(scenario));
    const outcome = await play(scenario, {
      broken: scenario.provider === broken,
      onStep: (step) => say(renderer.step(step)),
    });
    say(renderer.outcome(outcome));
    outcomes.push(outcome);
  }
  const ok = outcomes.every((outcome) => outcome.ok);
  if (json) console.log(JSON.stringify({ ok, outcomes }, null, 2));
  else console.log(renderer.table(outcomes));
  return ok ? 0 : 1;
}

async function serve(port: number): Promise<number> {
  const page = await createPage({ port });
  console.log(`The demo is at ${page.url} until you press Ctrl+C.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await page.close();
  return 0;
}

/** Colour on a terminal only. @see https://no-color.org */
function wantsColour(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return process.stdout.isTTY || (FORCE_COLOR !== undefined && FORCE_COLOR !== '0');
}
