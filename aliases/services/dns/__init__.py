"""What a served domain needs in DNS, and what is there: MX, SPF, DKIM, DMARC, and whether Amazon SES knows the domain.

`records` says what is needed, `lookup` asks name servers, `identity` asks Amazon SES, `comparison` holds the two
together, `checking` does all of it for one domain. No request to DynamoDB.
"""
