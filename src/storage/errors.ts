import { defineErrors } from '../core/index.js';

export const STORAGE_ERRORS = defineErrors('STORAGE', {
  URL_INVALID: {
    fault: 'usage',
    when: 'The place of an object is not a path or of the form s3://bucket/key.',
    fix: 'Write it as s3://bucket/key, or as the path of a file.',
  },
  NOT_FOUND: {
    fault: 'environment',
    when: 'There is no object of that name.',
    fix: 'Check the name; an object of S3 is named by its whole key.',
  },
  BUCKET_NOT_FOUND: {
    fault: 'environment',
    when: 'There is no such bucket in the object store.',
    fix: 'Create the bucket, or check its name, AWS_REGION and AWS_ENDPOINT_URL_S3.',
  },
  CREDENTIALS_MISSING: {
    fault: 'environment',
    when: 'Nothing in the environment or the AWS configuration says who is asking the object store.',
    fix: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
  },
  DENIED: {
    fault: 'environment',
    when: 'The object store refuses the credentials, or what they ask for.',
    fix: 'Check the credentials, the clock of this machine, and that they may read or write the object.',
  },
  UNREACHABLE: {
    fault: 'environment',
    when: 'The object store does not answer, or not in time, in several tries.',
    fix: 'Check AWS_ENDPOINT_URL_S3, AWS_REGION and the network, then run the command again.',
  },
  EXISTS: {
    fault: 'environment',
    when: 'An object of that name is there already and holds something else; nothing is overwritten.',
    fix: 'Choose another name, or remove the object first.',
  },
  TOO_LARGE: {
    fault: 'environment',
    when: 'An object is larger than what is read of its kind.',
    fix: 'Check that this is the object that was meant.',
  },
  FAILED: {
    fault: 'environment',
    when: 'The object store answers with an error that is none of the others.',
    fix: 'Look up the name of the error in the manual of the store.',
  },
});
