import org.keycloak.common.crypto.CryptoIntegration;
import org.keycloak.credential.hash.Pbkdf2PasswordHashProvider;
import org.keycloak.crypto.hash.Argon2PasswordHashProvider;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.util.JsonSerialization;

import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Password credentials as an export of a Keycloak realm has them, made by Keycloak's own classes. A line each: the password, a
 * tab, the credential. The jars are those of
 * org.keycloak:keycloak-crypto-default and keycloak-server-spi-private 26.0.8, and org.jboss.logging:jboss-logging 3.5.3.Final:
 *
 *   mvn dependency:copy-dependencies -DoutputDirectory=lib    (in a project that depends on them)
 *   java -cp 'lib/*' KeycloakCredentials.java | python make.py > vectors.json
 */
class KeycloakCredentials {
  public static void main(String[] none) throws Exception {
    CryptoIntegration.init(KeycloakCredentials.class.getClassLoader());
    var argon2 = new Argon2PasswordHashProvider("1.3", "id", 32, 256, 2, 1, new Semaphore(1));
    for (var password : new String[] {"correct horse battery", "รหัสผ่าน-1"}) {
      for (var name : new String[] {"pbkdf2", "pbkdf2-sha256", "pbkdf2-sha512"}) {
        var algorithm = "PBKDF2WithHmac" + (name.equals("pbkdf2") ? "SHA1" : name.substring(7).toUpperCase());
        var hasher = new Pbkdf2PasswordHashProvider(name, algorithm, 1000, 0, name.equals("pbkdf2-sha512") ? 512 : 256);
        write(password, hasher.encodedCredential(password, 1000));
      }
      write(password, argon2.encodedCredential(password, 2));
    }
  }

  static void write(String password, PasswordCredentialModel made) throws Exception {
    var credential = Map.of("type", made.getType(), "secretData", made.getSecretData(), "credentialData", made.getCredentialData());
    System.out.println(password + "\t" + JsonSerialization.writeValueAsString(credential));
  }
}
