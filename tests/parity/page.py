"""The examples of the API page (connection-api-page.txt) as data, its blanked ids left out."""

from typing import Any

SLACK_REST: dict[str, Any] = {
    "baseURI": "https://slack.com/api",
    "bearerToken": "xoxb-sandbox-token",
    "tokenLocation": "url",
    "tokenParam": "token",
    "mediaType": "urlencoded",
    "authType": "token",
    "encryptedFields": [],
    "unencryptedFields": [],
    "scope": [],
    "pingRelativeURI": "api.test",
}

SHOWN_KEYS = {"_id", "lastModified", "type", "name", "rest", "queues"}

SALESFORCE_EXPORT: dict[str, Any] = {
    "export": {
        "name": "sfdummyconnection",
        "_connectionId": "641000000000000000000913",
        "asynchronous": True,
        "oneToMany": False,
        "sandbox": False,
        "rawData": "6400000000000000000004a8",
        "salesforce": {
            "type": "soql",
            "api": "rest",
            "soql": {"query": "Select Name,Email__c,phone,fax from Account where name like 'test7676'"},
        },
        "adaptorType": "SalesforceExport",
    }
}

NETSUITE_PAGES: dict[str, Any] = {
    "export": {
        "asynchronous": True,
        "pageSize": 5,
        "netsuite": {
            "type": "search",
            "searches": [{"recordType": "customRecord", "savedSearchId": "131298"}],
            "skipGrouping": True,
        },
    }
}

FOUR_BEATS: dict[str, Any] = {
    "import": {
        "mapping": {
            "fields": [
                {"extract": "timestamp", "generate": "timestamp"},
                {"generate": "key", "hardCodedValue": "sqs_flow"},
            ]
        },
        "rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]},
    },
    "data": [{"timestamp": 1512012818751}] * 4,
}

BEAT_KEYS = {"_id", "lastModified", "createdAt", "key", "timestamp", "__v"}

AUDIT_KEYS = {"_id", "resourceType", "_resourceId", "source", "fieldChanges", "event", "time", "byUser"}
