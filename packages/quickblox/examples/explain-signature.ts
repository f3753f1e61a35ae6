// What was wrong with a session request that QuickBlox refused with "Unexpected signature".
import { explainSignature } from '@x/quickblox/signature';

// the guide's example application; its secret is printed there
const secret = 'YYXAU8BEYBfv0Fn';
const body = 'application_id=716730&auth_key=bbfeCwWtz8dqF4F&nonce=33432&timestamp=1572434294';
const signature = 'c6ec141f06818487b11067a2bea67b1938fc9398';

const { fits, normalized, findings } = explainSignature({ sent: body, signature, secret });
console.log(fits ? 'fits' : 'does not fit:', normalized);
for (const { mistake, text } of findings) console.log(`${mistake}: ${text}`);
