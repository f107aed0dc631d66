# The module that CloudFormation gives inline Python code to answer a custom resource: one PUT to the pre-signed URL
# of the request.

import json
from urllib import request

SUCCESS = 'SUCCESS'
FAILED = 'FAILED'


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps({
        'Status': responseStatus,
        'Reason': reason or 'See the details in CloudWatch Log Stream: %s' % context.log_stream_name,
        'PhysicalResourceId': physicalResourceId or context.log_stream_name,
        'StackId': event['StackId'],
        'RequestId': event['RequestId'],
        'LogicalResourceId': event['LogicalResourceId'],
        'NoEcho': noEcho,
        'Data': responseData,
    }).encode()
    print('Response body:')
    print(body.decode())
    # The signature covers an empty content type.
    put = request.Request(event['ResponseURL'], data=body, method='PUT', headers={'content-type': ''})
    try:
        with request.urlopen(put) as response:
            print('Status code:', response.status)
    except Exception as error:
        print('send(..) failed executing http.request(..):', error)
