# What boto3 sees of DynamoDB, as JSON on stdout: its resource API, waiters, paginators, conditions and errors.
import json
import sys
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

options = {"endpoint_url": sys.argv[1], "region_name": "us-east-1"}
resource = boto3.resource("dynamodb", **options)
client = boto3.client("dynamodb", **options)

table = resource.create_table(
    TableName="boto",
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    AttributeDefinitions=[
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
    ],
    BillingMode="PAY_PER_REQUEST",
)
table.wait_until_exists()
with table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
    for number in range(60):
        batch.put_item(Item={"pk": "a", "sk": number, "half": Decimal(number) / 2, "tags": {"x", str(number)}})
    batch.put_item(Item={"pk": "b", "sk": Decimal("-1.5"), "raw": b"\0\1", "deep": {"list": [1, None, True]}})

found = table.query(
    KeyConditionExpression=Key("pk").eq("a") & Key("sk").between(10, 20),
    FilterExpression=Attr("half").gt(Decimal("8.5")) & Attr("tags").contains("x"),
    ScanIndexForward=False,
)
updated = table.update_item(
    Key={"pk": "b", "sk": Decimal("-1.5")},
    UpdateExpression="SET #n = if_not_exists(#n, :zero) + :one",
    ExpressionAttributeNames={"#n": "count"},
    ExpressionAttributeValues={":zero": 0, ":one": Decimal("0.1")},
    ReturnValues="UPDATED_NEW",
)


def error_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return {
            "class": type(error).__name__,
            "code": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }


pages = client.get_paginator("scan").paginate(TableName="boto", PaginationConfig={"PageSize": 25})
counts = [page["Count"] for page in pages]
item = table.get_item(Key={"pk": "b", "sk": Decimal("-1.5")}, ConsistentRead=True)["Item"]
failed = error_of(table.put_item, Item={"pk": "b", "sk": Decimal("-1.5")}, ConditionExpression=Attr("pk").not_exists())
wrong = error_of(table.get_item, Key={"pk": "b"})
transaction = error_of(
    client.transact_write_items,
    TransactItems=[
        {
            "ConditionCheck": {
                "TableName": "boto",
                "Key": {"pk": {"S": "absent"}, "sk": {"N": "0"}},
                "ConditionExpression": "attribute_exists(pk)",
            }
        }
    ],
)
tables = [page["TableNames"] for page in client.get_paginator("list_tables").paginate()]
table.reload()
described = [table.table_status, table.item_count]
table.delete()
table.wait_until_not_exists()
gone = error_of(table.load)
print(
    json.dumps(
        {
            "found": [int(one["sk"]) for one in found["Items"]],
            "updated": str(updated["Attributes"]["count"]),
            "counts": counts,
            "raw": item["raw"].value.hex(),
            "deep": [int(item["deep"]["list"][0]), *item["deep"]["list"][1:]],
            "failed": failed,
            "wrong": wrong,
            "transaction": transaction,
            "tables": tables,
            "described": described,
            "gone": gone,
        }
    )
)
