# Presigns links and forms as an application does: reads one call per line as JSON, and writes one answer per line.

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
