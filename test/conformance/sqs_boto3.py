# What boto3 sees of SQS, as JSON on stdout.
import json
import sys

import boto3
from botocore.exceptions import ClientError

sqs = boto3.client("sqs", endpoint_url=sys.argv[1], region_name="us-east-1")


def error_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return {
            "class": type(error).__name__,
            "code": error.response["Error"]["Code"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }


queue = sqs.create_queue(QueueName="boto", Attributes={"VisibilityTimeout": "7"}, tags={"a": "1"})["QueueUrl"]
attribute = {"kind": {"DataType": "String", "StringValue": "é"}, "raw": {"DataType": "Binary", "BinaryValue": b"\0\1"}}
sqs.send_message(QueueUrl=queue, MessageBody="one", MessageAttributes=attribute)
batch = sqs.send_message_batch(
    QueueUrl=queue, Entries=[{"Id": "good", "MessageBody": "two"}, {"Id": "bad", "MessageBody": "\0"}]
)
received = sqs.receive_message(
    QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"], WaitTimeSeconds=1
)["Messages"]
sqs.delete_message_batch(
    QueueUrl=queue,
    Entries=[{"Id": str(i), "ReceiptHandle": one["ReceiptHandle"]} for i, one in enumerate(received)],
)
fifo = sqs.create_queue(QueueName="boto.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
entries = [
    {"Id": id, "MessageBody": id, "MessageGroupId": "g", "MessageDeduplicationId": id, **more}
    for id, more in [("1", {}), ("2", {}), ("late", {"DelaySeconds": 3})]
]
first, second = [sqs.send_message_batch(QueueUrl=fifo, Entries=entries) for _ in range(2)]
ordered = sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
fifo_seen = {
    "bodies": [one["Body"] for one in ordered],
    "groups": [one["Attributes"]["MessageGroupId"] for one in ordered],
    "isSame": first["Successful"] == second["Successful"],
    "failed": [[one["Id"], one["Code"]] for one in first["Failed"]],
}
no_group = error_of(sqs.send_message, QueueUrl=fifo, MessageBody="x", MessageDeduplicationId="x")
sqs.delete_queue(QueueUrl=fifo)
attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
print(
    json.dumps(
        {
            "bodies": [one["Body"] for one in received],
            "binary": received[0]["MessageAttributes"]["raw"]["BinaryValue"].hex(),
            "system": sorted(received[0]["Attributes"]),
            "batch": [[one["Id"] for one in batch["Successful"]], [[one["Id"], one["Code"]] for one in batch["Failed"]]],
            "left": attributes["ApproximateNumberOfMessages"],
            "names": sorted(attributes),
            "tags": sqs.list_queue_tags(QueueUrl=queue)["Tags"],
            "listed": [url for page in sqs.get_paginator("list_queues").paginate() for url in page["QueueUrls"]] == [queue],
            "missing": error_of(sqs.receive_message, QueueUrl=queue + "x"),
            "exists": error_of(sqs.create_queue, QueueName="boto", Attributes={"VisibilityTimeout": "8"}),
            "many": error_of(sqs.receive_message, QueueUrl=queue, MaxNumberOfMessages=11),
            "unknown": error_of(sqs.get_queue_attributes, QueueUrl=queue, AttributeNames=["Colour"]),
            "fifo": [fifo_seen, no_group],
        }
    )
)
