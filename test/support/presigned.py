# Links and forms as an application signs them: one call a line of the input, as JSON, and one answer a line.

import json
import sys

import boto3
from botocore.config import Config

s3 = boto3.client('s3', config=Config(signature_version='s3v4', s3={'addressing_style': 'path'}))

for line in sys.stdin:
    call = json.loads(line)
    if call['kind'] == 'form':
        answer = s3.generate_presigned_post(
            call['bucket'],
            call['key'],
            Fields=call.get('fields'),
            Conditions=call.get('conditions'),
        )
    else:
        answer = s3.generate_presigned_url(
            call['operation'], Params={'Bucket': call['bucket'], 'Key': call['key']}
        )
    print(json.dumps(answer), flush=True)
