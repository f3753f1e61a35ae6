import { parse } from 'yaml';

type Permissions = Readonly<Record<string, 'read' | 'write' | 'none'>>;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly permissions?: Permissions;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly Step[];
}

/** What is read of a workflow of GitHub Actions. */
export interface Workflow {
  readonly permissions?: Permissions | string;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What a job of ours may be allowed to write. */
const writable = new Set(['contents', 'pull-requests', 'id-token']);
const maxMinutes = 60;

/**
 * Finds what makes a workflow unsafe or unable to run.
 *
 * @param manifest The root's, whose scripts the workflow runs by the package manager that it names.
 */
export function workflowFaults(
  text: string,
  manifest: { readonly packageManager: string; readonly scripts: Readonly<Record<string, string>> },
): string[] {
  const { permissions, jobs } = parse(text) as Workflow;
  const faults = [...faultsOfPins(text), ...faultsOfPermissions('the workflow', permissions)];
  if (permissions === undefined) faults.push('the workflow states no permissions');
  for (const [, name = ''] of text.matchAll(/secrets\.(\w+)/g)) faults.push(`it reads a secret: ${name}`);
  for (const [name, job] of Object.entries(jobs)) {
    faults.push(...faultsOfPermissions(name, job.permissions));
    if (job.uses !== undefined) continue;
    const minutes = job['timeout-minutes'];
    if (minutes === undefined || minutes > maxMinutes) faults.push(`${name} may run for ${minutes} minutes`);
    for (const step of job.steps ?? []) faults.push(...faultsOfStep(name, step, job, manifest));
  }
  return faults;
}

function faultsOfPins(text: string): string[] {
  const faults: string[] = [];
  const digests = new Map<string, Set<string>>();
  for (const [, used = '', comment] of text.matchAll(/^\s*(?:- )?uses: (\S+)( # v\d+\.\d+\.\d+)?$/gm)) {
    if (used.startsWith('./')) continue;
    const [action = '', digest = ''] = used.split('@');
    const repository = action.split('/').slice(0, 2).join('/');
    if (!/^[0-9a-f]{40}$/.test(digest)) faults.push(`${used} is not pinned by digest`);
    else if (comment === undefined) faults.push(`${used} is not followed by its version`);
    digests.set(repository, (digests.get(repository) ?? new Set()).add(digest));
  }
  for (const [repository, { size }] of digests) {
    if (size > 1) faults.push(`${repository} is pinned to ${size} digests`);
  }
  return faults;
}

function faultsOfPermissions(who: string, permissions: Permissions | string | undefined): string[] {
  if (typeof permissions === 'string') return [`${who}: permissions are not listed one by one`];
  return Object.entries(permissions ?? {})
    .filter(([scope, level]) => level === 'write' && !(writable.has(scope) && who !== 'the workflow'))
    .map(([scope]) => `${who} may write ${scope}`);
}

function faultsOfStep(
  name: string,
  step: Step,
  job: Job,
  { packageManager, scripts }: { readonly packageManager: string; readonly scripts: Readonly<Record<string, string>> },
): string[] {
  const faults: string[] = [];
  const pushes = job.permissions?.['contents'] === 'write';
  if (step.uses?.startsWith('actions/checkout@') && !pushes && step.with?.['persist-credentials'] !== false) {
    faults.push(`${name}: the checkout leaves its credentials`);
  }
  const script = step.run ?? (step.with?.['script'] as string | undefined) ?? '';
  if (script.includes('${{')) faults.push(`${name} pastes an expression into a script`);
  for (const [, pnpm = '', command = '', wanted = ''] of script.matchAll(
    /npx -y (\S+) (?:(run|exec|install)\b ?)?(\S*)/g,
  )) {
    if (pnpm !== packageManager) faults.push(`${pnpm} is not the repository's ${packageManager}`);
    if (command !== 'exec' && command !== 'install' && scripts[wanted] === undefined) {
      faults.push(`${name}: there is no script ${wanted}`);
    }
  }
  return faults;
}
