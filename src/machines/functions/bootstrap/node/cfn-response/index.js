// The module that CloudFormation gives inline Node code to answer a custom resource: one PUT to the pre-signed URL of
// the request.

const { request: overHttp } = require('node:http');
const { request: overHttps } = require('node:https');

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) =>
  new Promise((resolve) => {
    const done = () => {
      context.done();
      resolve();
    };
    const body = JSON.stringify({
      Status: responseStatus,
      Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
      PhysicalResourceId: physicalResourceId || context.logStreamName,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      NoEcho: noEcho || false,
      Data: responseData,
    });
    console.log('Response body:\n', body);
    const url = new URL(event.ResponseURL);
    const request = url.protocol === 'http:' ? overHttp : overHttps;
    // The signature covers an empty content type.
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const put = request(url, { method: 'PUT', headers }, (response) => {
      console.log(`Status code: ${response.statusCode}`);
      response.resume();
      done();
    });
    put.on('error', (error) => {
      console.log(`send(..) failed executing request(..): ${error}`);
      done();
    });
    put.end(body);
  });
