from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_user_changed_at")]

    operations = [
        migrations.AddField(
            model_name="membership", name="is_primary", field=models.BooleanField(default=False)
        ),
    ]
