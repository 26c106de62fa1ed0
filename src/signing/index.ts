export { type FindSignerOptions, findSigner } from './find-signer.js';
export type { Signer } from './private-key.js';
export { type PublicKey, parsePublicKey, parsePublicKeys, publicKeyLine } from './public-key.js';
export { signMessage, type Verification, verifyMessage } from './ssh-signature.js';
