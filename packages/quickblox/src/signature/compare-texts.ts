import { finding, type SignatureFinding } from './findings.ts';
import { isDocumented, showName } from './mask.ts';
import { checkReceived, type Pair, type ReadResult, type Received } from './received.ts';

/** Finds how a signed text differs from what was sent, name by name. */
export function compareTexts(text: string, { pairs }: Received): SignatureFinding[] {
  const delimited = `&${text}&`;
  const sent = pairs.filter(([name]) => name !== 'signature');
  const found: SignatureFinding[] = [];
  for (const [name, value] of sent) {
    if (delimited.includes(`&${name}=${value}&`)) continue;
    const mistake = delimited.includes(`&${name}=`) ? 'value-differs' : 'parameter-unsigned';
    found.push(finding(mistake, showName(name)));
  }
  const known = new Set(sent.map(([name]) => name));
  const notSent = new Set<string | undefined>();
  for (const part of text.split('&')) {
    const [name = ''] = part.split('=', 1);
    const shown = showName(name);
    if (part === '' || known.has(name) || notSent.has(shown)) continue;
    // what follows an ampersand within a value is no parameter
    if (!sent.some(([, value]) => value.includes(`&${part}`))) notSent.add(shown);
  }
  return [...found, ...[...notSent].map((name) => finding('parameter-not-sent', name))];
}

const required = ['application_id', 'auth_key', 'nonce', 'timestamp'];
const encodedBrackets = /(^|&)(\w+)%5B(\w+)%5D=/gi;
const bareUser = /(^|&)(?:user\.)?(login|email|password)=/g;
const otherSeparators = [', ', ',', ';', '\n', '&&'];

/**
 * Makes out the parameters of a signed text, where what was sent is not known.
 *
 * Where the text is not plainly right, what is known to befall such texts is undone first. A name that nobody knows
 * counts as part of the value before it, which may hold ampersands.
 */
export function restoreParameters(text: string): ReadResult {
  const plain = pairsOf(text.replace(/\r?\n$/, ''));
  const names = plain.map(([name]) => name);
  const isPlain = required.every((name) => names.includes(name)) && restorePairs(text) === text;
  const pairs = isPlain && !text.endsWith('&') ? plain : pairsOf(restore(text));
  return checkReceived({ pairs, encoding: 'text', parts: [], absent: [], members: [] });
}

function restore(text: string): string {
  const unescaped = text
    .trim()
    .replaceAll(/\\([_&])/g, '$1')
    .replaceAll('&amp;', '&')
    .replace('×tamp', '&timestamp')
    .replaceAll(/^[?&]+|(?<!&)&+$/g, ''); // looking behind, a run within is tried from its first alone
  return restorePairs(unescaped);
}

/** Writes separators, brackets and the user's group as they must be. */
function restorePairs(text: string): string {
  // a separator counts as one when everything that must be there stands behind it
  const separator = otherSeparators.find((one) => required.every((name) => `${one}${text}`.includes(`${one}${name}=`)));
  const joined = separator === undefined ? text : text.replaceAll(separator, '&');
  const grouped = joined.replaceAll(encodedBrackets, '$1$2[$3]=');
  return /(?:^|&)user\[/.test(grouped) ? grouped : grouped.replaceAll(bareUser, '$1user[$2]=');
}

function pairsOf(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const part of text.split('&')) {
    const [name = ''] = part.split('=', 1);
    const before = pairs.at(-1);
    if (before === undefined || isDocumented(name)) pairs.push([name, part.slice(name.length + 1)]);
    else pairs[pairs.length - 1] = [before[0], `${before[1]}&${part}`];
  }
  return pairs;
}
