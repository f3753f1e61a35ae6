/** Nexudus fact sheet §12, computed there with two independent implementations. */
const secret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const d = '634963729314011098';

export interface InstallVector {
  readonly name: string;
  readonly a: string;
  readonly t: string;
  readonly d: string;
  readonly secret: string;
  readonly h: string;
  readonly auth: string;
  readonly order: string;
  readonly isOrdinal: boolean;
}

const a1 = 'd420667525e0489d91068cbf732fe1dc';
const t1 = 'c90e30fca71a4c37810a292b99d4d4f2';
const auth1 = '8d9613c5f46f22b1329996df29386ea7';
const base = { a: a1, t: t1, d, secret, auth: auth1, isOrdinal: true };

export const installVectors: readonly InstallVector[] = [
  { ...base, name: 'V1', order: 'dta', h: 'a9c46aac3cdbf0eafd8f55602ca34265' },
  {
    ...base,
    name: 'V2',
    a: t1,
    t: a1,
    order: 'dat',
    h: 'a9c46aac3cdbf0eafd8f55602ca34265',
    auth: 'db3dc099fa0dcd32284b71a5ef22aa6c',
  },
  { ...base, name: 'V3', a: '1420667525e0489d91068cbf732fe1dc', order: 'adt', h: '6849336b346cf63930ebb90f6b722dd0' },
  {
    ...base,
    name: 'V4',
    t: '090e30fca71a4c37810a292b99d4d4f2',
    order: 'tda',
    h: '51df11bd308c5aa1d7af71fa23597603',
    auth: 'e91f72a7080f121de03839c6b3013d58',
  },
  {
    ...base,
    name: 'V5',
    a: '1420667525e0489d91068cbf732fe1dc',
    t: '290e30fca71a4c37810a292b99d4d4f2',
    order: 'atd',
    h: 'e775a61d5cb0ac5c7534b877a9300596',
    auth: '22d4080457a68215c2c03237f1270d79',
  },
  {
    ...base,
    name: 'V6',
    a: '2420667525e0489d91068cbf732fe1dc',
    t: '190e30fca71a4c37810a292b99d4d4f2',
    order: 'tad',
    h: '9757e276cbc6c0fa93c5e4afc91f37a2',
    auth: '191f8096224f88c3a401ec56cc19c782',
  },
  {
    ...base,
    name: 'V7, d is a prefix of t',
    t: '634963729314011098abcdef01234567',
    order: 'dta',
    h: '2998e8e3ec07bd1b3b15693b767c162f',
    auth: '630a42b1d0e72e87e4c8ae634d933c3b',
  },
  {
    ...base,
    name: 'V8, long common prefix',
    a: '63496372931401109affffffffffffff',
    t: '63496372931401109800000000000000',
    order: 'dta',
    h: 'ab4efd3c8f7bac09b332a9a52747e6bc',
    auth: '1fbf220414f72426472e217bc10754fb',
  },
  {
    ...base,
    name: 'V9a, upper-case a in ordinal order',
    a: 'D420667525E0489D91068CBF732FE1DC',
    order: 'dat',
    h: '5c02cc19e9caed10fb23cabccfffb331',
  },
  {
    ...base,
    name: 'V9b, upper-case a in linguistic order',
    a: 'D420667525E0489D91068CBF732FE1DC',
    order: 'dta',
    isOrdinal: false,
    h: '11d4c8b823f2af41dcedc2b7e0333af3',
  },
  {
    ...base,
    name: 'V10a, aa in ordinal order',
    a: 'aa20667525e0489d91068cbf732fe1dc',
    order: 'dat',
    h: '5c82adf7e78b8a98b8a8d20e158ee750',
  },
  {
    ...base,
    name: 'V10b, aa in Danish order',
    a: 'aa20667525e0489d91068cbf732fe1dc',
    order: 'dta',
    isOrdinal: false,
    h: 'f0ecdea375ca156134d99fc2fd36caae',
  },
  {
    ...base,
    name: 'V11, dashed GUIDs',
    a: 'd4206675-25e0-489d-9106-8cbf732fe1dc',
    t: 'c90e30fc-a71a-4c37-810a-292b99d4d4f2',
    order: 'dta',
    h: 'c606287342712bd57d3ca5ab33f0b000',
    auth: '29c62add205802af48c0ab8f9207a17e',
  },
  {
    ...base,
    name: 'V12a, secret beyond ASCII as UTF-8',
    secret: 's3cr€t-ключ-🔑',
    order: 'dta',
    h: '565c389ba64e64d1577c082058d47de3',
    auth: 'befbc2d1b134d3c3c097d123da654130',
  },
  {
    ...base,
    name: 'V12b, that secret with ? beyond ASCII',
    secret: 's3cr?t-????-??',
    order: 'dta',
    h: 'af6686a48f532b06d88fcd93b2f3a548',
    auth: '7d1b8ce3eed5ddf04311525d2b61c2bf',
  },
];

export const v1: InstallVector = { ...base, name: 'V1', order: 'dta', h: 'a9c46aac3cdbf0eafd8f55602ca34265' };

/** V1's moment, milliseconds since 1970. */
export const issuedAtMs = 1_360_776_131_401;

/** The install URL of V1, as the fact sheet writes it. */
export const v1Url: string = `http://myapp.com//Install?a=${v1.a}&t=${v1.t}&d=${d}&h=${v1.h}&b=my-space&e=user%2Btag%40example.com`;

/** V1 hashed as UTF-16, which must not be accepted. */
export const v1AsUtf16 = 'f7f155841a91efcf94cb9afab52f9346';

export const authorizationVectors: readonly {
  readonly name: string;
  readonly a: string;
  readonly auth: string;
  readonly header: string;
}[] = [
  {
    name: 'V1',
    a: a1,
    auth: auth1,
    header: 'Basic ZDQyMDY2NzUyNWUwNDg5ZDkxMDY4Y2JmNzMyZmUxZGM6OGQ5NjEzYzVmNDZmMjJiMTMyOTk5NmRmMjkzODZlYTc=',
  },
  {
    name: 'V2',
    a: t1,
    auth: 'db3dc099fa0dcd32284b71a5ef22aa6c',
    header: 'Basic YzkwZTMwZmNhNzFhNGMzNzgxMGEyOTJiOTlkNGQ0ZjI6ZGIzZGMwOTlmYTBkY2QzMjI4NGI3MWE1ZWYyMmFhNmM=',
  },
  {
    name: 'V9',
    a: 'D420667525E0489D91068CBF732FE1DC',
    auth: auth1,
    header: 'Basic RDQyMDY2NzUyNUUwNDg5RDkxMDY4Q0JGNzMyRkUxREM6OGQ5NjEzYzVmNDZmMjJiMTMyOTk5NmRmMjkzODZlYTc=',
  },
  {
    name: 'V11',
    a: 'd4206675-25e0-489d-9106-8cbf732fe1dc',
    auth: '29c62add205802af48c0ab8f9207a17e',
    header: 'Basic ZDQyMDY2NzUtMjVlMC00ODlkLTkxMDYtOGNiZjczMmZlMWRjOjI5YzYyYWRkMjA1ODAyYWY0OGMwYWI4ZjkyMDdhMTdl',
  },
  {
    name: 'V12a',
    a: a1,
    auth: 'befbc2d1b134d3c3c097d123da654130',
    header: 'Basic ZDQyMDY2NzUyNWUwNDg5ZDkxMDY4Y2JmNzMyZmUxZGM6YmVmYmMyZDFiMTM0ZDNjM2MwOTdkMTIzZGE2NTQxMzA=',
  },
];

export const webhookSecret = 'whsec-0f1e2d3c';
const w1Body = '[{"Id":1416023860,"FullName":"Ana Diaz","Active":true}]';
const w2Body = '[{"Id":1416023860,"FullName":"José Ñandú 😀","Active":true}]';

export const deliveryVectors: readonly {
  readonly name: string;
  readonly body: string;
  readonly signature: string;
  readonly secret: string;
  readonly matched: 'ascii' | 'raw';
}[] = [
  {
    name: 'W1',
    body: w1Body,
    secret: webhookSecret,
    matched: 'ascii',
    signature: '92FDE3C8396F0C45C06851922223395D48FE0CD27A6E3E812CB710DE6912AADC',
  },
  {
    name: 'W2 as sent, ASCII with ?',
    body: w2Body,
    secret: webhookSecret,
    matched: 'ascii',
    signature: 'BFB70439A4B6FD40AD14C8BA05C200B8D3F47B75576EDD436FACE16EB11AEC35',
  },
  {
    name: 'W2 over raw UTF-8',
    body: w2Body,
    secret: webhookSecret,
    matched: 'raw',
    signature: 'B05C3ADA3D26C7AC86D96924CD80D0A5560531D2FFB0A028F0540DBA3B9FA542',
  },
  {
    name: 'W3, a trailing line feed',
    body: `${w1Body}\n`,
    secret: webhookSecret,
    matched: 'ascii',
    signature: '9233D56536999AA53DC0363051331EE16FD8C62E0E94ECA2D89B0180E426E9F8',
  },
  {
    name: 'W4, a bare object',
    body: w1Body.slice(1, -1),
    secret: webhookSecret,
    matched: 'ascii',
    signature: 'CAEAE8C40754E5AB9F5BFDD404B7C136A52AAAFFE412A058BF8544C6F75D89D4',
  },
  {
    name: 'W5, a secret beyond ASCII',
    body: w1Body,
    secret: 'clé-ключ',
    matched: 'ascii',
    signature: '427808C2A1F6BE8E90BFA73018856DCC6F75A0B158E698CB127B45BD80C62C98',
  },
];
