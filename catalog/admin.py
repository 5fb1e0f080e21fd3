"""For operators: reference data is editable here."""

from django.contrib import admin

from catalog.models import Channel, FxRate, Market, Product, ReasonCode, Setting

for model in (Market, Product, Channel, ReasonCode, Setting, FxRate):
    admin.site.register(model)
