"""What an issuer sets so that its revenue orders go to the accountant: invented codes, in the shapes of the schema."""

SET = {
    "accountant_post": "059012",
    "accountant_address": "1 rue du Trésor\n59000 Lille",
    "collectivity_code": "123",
    "revenue_account": "7067",
    "revenue_function": "020",
    "product_code": "NUM1",
    "bank_reference": "123456",
    "collection_centre": "TSA 12345\n59885 Lille Cedex 9",
    "talon": "{emetteur} {exercice} {bordereau:4} {titre:6}\n{centimes:10}",
    "officer_name": "Prénom NOM",
    "officer_capacity": "président",
    "appeal_text": "Deux mois devant le tribunal administratif.",
}
